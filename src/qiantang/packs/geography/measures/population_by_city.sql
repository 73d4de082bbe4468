-- name.zh: 按县（市、区）汇总的设区市常住人口
-- name.en: Resident population of each city, added up from its county-level units
-- unit: 人
-- grain: division
-- column.units.zh: 县级单位数
-- column.units.en: Units
-- column.population.zh: 常住人口
-- column.population.en: Residents
select
    d.parent as division,
    count(*) as units,
    cast(sum(p.value) as bigint) as population
from population_census as p
inner join division as d
    on p.division = d.code
    and (d.valid_from is null or d.valid_from <= date '2020-11-01')
    and (d.valid_to is null or d.valid_to >= date '2020-11-01')
where p.indicator = 'pop_census'
    and p.period = '2020-11-01'
    and d.level not in ('province', 'city')
group by d.parent
order by d.parent
