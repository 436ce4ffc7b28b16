-- The number of figures that each cause changed, and its largest relative change.
with

relative_changes as (
    select
        attributed.*,
        changes.unit,
        part / nullif(abs(changes.old_value), 0) as share
    from attributed
    inner join kpi.release_changes as changes
        using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
)

select
    cause,
    count(*) as figures,
    count(part) as figures_with_part,
    max_by({
        'kpi_id': kpi_id,
        'method_id': method_id,
        'dimension_value': dimension_value,
        'period_grain': period_grain,
        'period_start': cast(period_start as varchar),
        'part': part,
        'unit': unit,
        'share': share
    }, abs(share)) as largest
from relative_changes
group by cause
