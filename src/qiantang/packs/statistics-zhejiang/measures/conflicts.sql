-- name.zh: 来源互相矛盾的年度数据
-- name.en: Yearly figures on which sources disagree
-- unit: %
-- grain: indicator, division, period
-- column.sources.zh: 来源数
-- column.sources.en: Sources
-- column.smallest.zh: 最小
-- column.smallest.en: Smallest
-- column.largest.zh: 最大
-- column.largest.en: Largest
-- column.difference.zh: 相差（%）
-- column.difference.en: Difference (%)
select
    indicator,
    division,
    period,
    count(*) as sources,
    min(value) as smallest,
    max(value) as largest,
    round(100 * (max(value) - min(value)) / min(value), 1) as difference
from observation
where kind in ('actual', 'preliminary')
    and grade <> 'D'
    and unit <> 'rank'
    and length(period) = 4
group by indicator, division, period
having max(value) - min(value) > 0.005 * min(value)
order by indicator, division, period
