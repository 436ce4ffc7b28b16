-- One row per change and cause: what the cause adds to the figure, and whether it touched it at all.
-- A figure that may not be shown in both releases under one status has causes and no parts.
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

-- Both ends are the figures as published, what lies between is rounded like them: so the parts add up.
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

-- A step that leaves a figure unknown counts with the next that knows it again.
carried as (
    select
        *,
        last_value(value ignore nulls) over same_cell as known_value,
        value is distinct from lag(value) over same_cell or status is distinct from lag(status) over same_cell
            as touches
    from figures
    window
        same_cell as (
            partition by kpi_id, method_id, period_grain, period_start, dimension, dimension_value order by step
        )
),

stepped as (
    select
        *,
        known_value - lag(known_value) over (
            partition by kpi_id, method_id, period_grain, period_start, dimension, dimension_value order by step
        ) as part
    from carried
),

caused as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        cause,
        warehouse.published(case when bool_and(has_parts) then sum(part) end) as part
    from stepped
    where step > 0 and case when has_parts then part <> 0 else touches end
    group by all
),

-- What is computed as before and shown otherwise.
disclosed as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        'disclosure' as cause,
        cast(null as double) as part
    from changes
    anti join caused using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
    union
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        'disclosure' as cause,
        cast(null as double) as part
    from changes
    where changes_variant
)

select * from caused
union all
select * from disclosed
