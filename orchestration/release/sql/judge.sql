-- The primary disclosure rule (METHOD section 10) on every cell of fct_kpi; $p in percent.
-- Numerators and denominators are judged as if both were published; a blank one is a table that does not exist.
create temp table cell_verdicts as
with

contributions as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value, part, holding_id,
        abs(sum(numerator)) as numerator,
        abs(sum(denominator)) as denominator
    from warehouse.marts.fct_kpi_contributions
    where variant = 'measured'
    group by all
),

additive as (
    unpivot contributions on numerator, denominator into name additive_table value contribution
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                kpi_id, method_id, period_grain, period_start, dimension, dimension_value, part, additive_table
            order by contribution desc, holding_id
        ) as place
    from additive
),

judged as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value, part, additive_table,
        count_if(contribution <> 0) as contributors,
        contributors < 3
        or 100 * coalesce(sum(contribution) filter (place > 2), 0) < $p * max(contribution) as is_unsafe
    from ranked
    group by all
),

judged_cells as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        bool_or(is_unsafe) filter (part = 'ship') as ships_are_unsafe,
        bool_or(is_unsafe) filter (part = 'terminal') as terminals_are_unsafe,
        min(contributors) filter (part = 'ship') as ship_contributors,
        min(contributors) filter (part = 'terminal') as terminal_contributors
    from judged
    group by all
),

cells as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        bool_or(variant = 'terminal_default') as has_default
    from warehouse.marts.fct_kpi
    group by all
),

-- Fails closed: a KPI without a definition is controlled, a cell without contributions is unsafe.
verdicts as (
    select
        cells.*,
        coalesce(definitions.disclosure, 'controlled') = 'controlled' as is_controlled,
        is_controlled and has_default and coalesce(terminals_are_unsafe, true) as takes_default,
        is_controlled and case
            when has_default or judged_cells.kpi_id is null then coalesce(ships_are_unsafe, true)
            else coalesce(ships_are_unsafe, false) or coalesce(terminals_are_unsafe, false)
        end as is_unsafe,
        case
            when is_controlled and takes_default then ship_contributors
            when is_controlled then least(ship_contributors, terminal_contributors)
        end as contributors
    from cells
    left join judged_cells
        using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
    left join warehouse.seeds.kpi_definitions as definitions using (kpi_id)
)

select * from verdicts;
