-- name.zh: 核心产业占比核对：公布的占比与按增加值和GDP推算的占比
-- name.en: Check of the core share: published against computed from value added and GDP
-- unit: %
-- grain: division, period
-- column.published.zh: 公布的占比
-- column.published.en: Published share
-- column.computed.zh: 推算的占比
-- column.computed.en: Computed share
select
    s.division as division,
    s.period as period,
    s.value as published,
    round(100 * v.value / g.value, 2) as computed
from observation as s
inner join observation as v
    on s.division = v.division and s.period = v.period and v.indicator = 'core_va'
inner join observation as g
    on s.division = g.division and s.period = g.period and g.indicator = 'gdp'
where s.indicator = 'core_share'
    and s.kind = 'actual'
    and v.kind = 'actual'
    and g.kind = 'actual'
    and s.grade <> 'D'
    and v.grade <> 'D'
    and g.grade <> 'D'
group by s.division, s.period, s.value, v.value, g.value
order by s.division, s.period, s.value
