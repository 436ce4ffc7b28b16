-- By value and status, against the release that is current: what a reader of both files would see.
-- A suppressed row shows neither figure, though one of them was public.
insert into kpi.release_changes by name
with

both_releases as (
    select
        corridor_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        coalesce(new.unit, old.unit) as unit,
        old.status as old_status,
        new.status as new_status,
        old.value as old_value,
        new.value as new_value,
        old.unit = new.unit as is_comparable
    from kpi.kpi_values as new
    full outer join previous.kpi.kpi_values as old
        using (corridor_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
    where old.value is distinct from new.value or old.status <> new.status
),

named as (
    select
        *,
        case
            when old_value is not distinct from new_value then 'status'
            when new_status = 'suppressed' then 'suppressed'
            when new_value is null then 'withdrawn'
            when old_value is null then 'added'
            else 'changed'
        end as change
    from both_releases
)

select
    * exclude (old_value, new_value, is_comparable),
    $release_id as release_id,
    $previous_release_id as previous_release_id,
    case when change <> 'suppressed' then old_value end as old_value,
    new_value,
    case when change = 'changed' and is_comparable then warehouse.published(new_value - old_value) end as difference
from named
order by kpi_id, method_id, period_grain, period_start, dimension, dimension_value;
