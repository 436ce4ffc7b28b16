-- Every current fuel row burns its mass once, in one leg or stay, or is counted as outside all of them, and its
-- certified and fossil parts add up to its mass under every method. A failure means that fuel was lost or burned
-- twice.
{{ config(meta={'dagster': {'ref': {'name': 'fct_fuel_consumption'}}}) }}

with

filed as (
    select
        current_rows.filed_row_id,
        current_rows.mass_t as filed_mass_t,
        count(matched.filed_row_id) as matches,
        count(matched.segment_id) as segments
    from {{ ref('int_current_fuel_consumption') }} as current_rows
    left join {{ ref('int_fuel_rows_filed') }} as matched
        on current_rows.filed_row_id = matched.filed_row_id
    group by current_rows.filed_row_id, current_rows.mass_t
),

burned as (
    select
        fuel_row_id,
        sum(mass_t) as burned_mass_t,
        count(*) as burned_rows
    from {{ ref('fct_fuel_consumption') }}
    group by fuel_row_id
),

parts as (
    select
        fuel_row_id,
        method_id,
        sum(mass_t) as parts_mass_t
    from {{ ref('int_fuel_emissions') }}
    group by fuel_row_id, method_id
),

lost as (
    select filed.filed_row_id as fuel_row_id
    from filed
    left join burned
        on filed.filed_row_id = burned.fuel_row_id
    where
        filed.matches != 1
        or filed.segments != coalesce(burned.burned_rows, 0)
        or (filed.segments = 1 and (filed.filed_mass_t is null) != (burned.burned_mass_t is null))
        or {{ differs('filed.filed_mass_t', 'burned.burned_mass_t') }}
),

split as (
    select burned.fuel_row_id
    from burned
    cross join {{ ref('methods') }} as methods
    left join parts
        on burned.fuel_row_id = parts.fuel_row_id and methods.method_id = parts.method_id
    where
        parts.fuel_row_id is null
        or (burned.burned_mass_t is null) != (parts.parts_mass_t is null)
        or {{ differs('burned.burned_mass_t', 'parts.parts_mass_t') }}
)

select * from lost
union all
select * from split
