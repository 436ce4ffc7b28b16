-- One row per change and cause, with the part that the cause adds to the difference.
-- A figure that is not shown in both releases with the same status has causes but no parts.
create temp table attributed as
with

changes as (
    select
        *,
        difference is not null and old_status = new_status as has_parts,
        case when coalesce(old_status, new_status) = 'terminal_default' then 'terminal_default' else 'measured' end
            as variant,
        (old_status = 'terminal_default') is distinct from (new_status = 'terminal_default') and change <> 'added'
            as changes_variant
    from kpi.release_changes
),

-- The first and last values are as published, and those between are rounded alike, so that the parts add up.
figures as (
    select
        changes.*,
        steps.step,
        steps.cause,
        case
            when changes.has_parts and steps.step = 0 then changes.old_value
            when changes.has_parts and steps.step = max(steps.step) over () then changes.new_value
            else warehouse.published(states.value)
        end as value,
        states.status
    from changes
    cross join steps
    left join states
        on
            steps.step = states.step
            and changes.kpi_id = states.kpi_id
            and changes.method_id = states.method_id
            and changes.variant = states.variant
            and changes.period_grain = states.period_grain
            and changes.period_start = states.period_start
            and changes.dimension = states.dimension
            and changes.dimension_value = states.dimension_value
),

-- If a figure is NULL after a step, the next step that gives a value gets the whole part.
filled as (
    select
        *,
        last_value(value ignore nulls) over same_cell as filled_value,
        value is distinct from lag(value) over same_cell or status is distinct from lag(status) over same_cell
            as changes_cell
    from figures
    window
        same_cell as (
            partition by kpi_id, method_id, period_grain, period_start, dimension, dimension_value order by step
        )
),

parts as (
    select
        *,
        filled_value - lag(filled_value) over (
            partition by kpi_id, method_id, period_grain, period_start, dimension, dimension_value order by step
        ) as part
    from filled
),

attributed_changes as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        cause,
        warehouse.published(case when bool_and(has_parts) then sum(part) end) as part
    from parts
    where step > 0 and case when has_parts then part <> 0 else changes_cell end
    group by all
),

-- The computed figure is the same; only what may be shown has changed.
disclosure_changes as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        'disclosure' as cause,
        cast(null as double) as part
    from changes
    anti join attributed_changes using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
    union
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        'disclosure' as cause,
        cast(null as double) as part
    from changes
    where changes_variant
)

select * from attributed_changes
union all
select * from disclosure_changes
