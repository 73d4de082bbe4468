-- name.zh: 设区市普查人口与所辖县（市、区）合计之差
-- name.en: City census population less the sum of its county-level units
-- unit: 人
-- grain: division
-- column.city.zh: 市级数
-- column.city.en: City figure
-- column.units.zh: 县级合计
-- column.units.en: Sum of its units
-- column.gap.zh: 相差
-- column.gap.en: Difference
select
    c.division as division,
    cast(c.value as bigint) as city,
    cast(sum(p.value) as bigint) as units,
    cast(c.value - sum(p.value) as bigint) as gap
from population_census as c
inner join division as d
    on c.division = d.parent
    and (d.valid_from is null or d.valid_from <= date '2020-11-01')
    and (d.valid_to is null or d.valid_to >= date '2020-11-01')
inner join population_census as p
    on d.code = p.division
    and p.indicator = c.indicator
    and p.period = c.period
where c.indicator = 'pop_census'
    and c.period = '2020-11-01'
group by c.division, c.value
having c.value <> sum(p.value)
order by c.division
