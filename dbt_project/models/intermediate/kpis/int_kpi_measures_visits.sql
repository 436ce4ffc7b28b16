{#- (docs/method.md#berth and method.md#progress) -#}
{% set measures = [
    'shore_power_hours', 'berth_hours', 'shore_power_hours_in_window', 'controlled_hours_in_window', 'window_hours',
    'connected_visits', 'capable_visits', 'certified_fuelled_visits', 'visits',
] %}

with

recipes as (
    select distinct
        measure,
        needs
    from {{ ref('kpi_terms') }}
    where population = 'visit'
),

visits as (
    select * from {{ ref('int_visits') }}
),

stays as (
    select * from {{ ref('int_stays') }}
    where is_in_scope and side is not null
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
    where segment_type = 'leg'
),

legs_on_certified_fuel as (
    select distinct segment_id as leg_id from fuel_rows
    where certified_share > 0 and mass_t > 0
),

measured as (
    select
        visits.visit_id,
        visits.port_locode,
        stays.arrival_date as event_date,
        stays.holding_id,
        visits.berth_hours,
        visits.shore_power_hours,
        case when visits.counts_for_coverage then visits.window_hours end as window_hours,
        case when visits.counts_for_coverage then visits.shore_power_hours_in_window end as shore_power_hours_in_window,
        case when visits.counts_for_coverage then visits.controlled_hours_in_window end as controlled_hours_in_window,
        1 as visits,
        case
            when visits.emission_control = 'shore_power' then 1
            when visits.emission_control is not null then 0
        end as connected_visits,
        case
            when {{ is_capable('stays.capability') }} then 1
            when stays.capability is not null then 0
        end as capable_visits,
        case when legs_on_certified_fuel.leg_id is not null then 1 else 0 end as certified_fuelled_visits
    from visits
    inner join stays
        on visits.stay_id = stays.stay_id
    left join legs_on_certified_fuel
        on stays.arriving_leg_id = legs_on_certified_fuel.leg_id
),

filled as (
    {% for measure in measures %}
        select
            visit_id,
            port_locode,
            event_date,
            holding_id,
            '{{ measure }}' as measure,
            cast({{ measure }} as double) as amount
        from measured
        where {{ measure }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A visit counts in a ratio only if both of its measures are filled.
final as (
    select
        'visit' as population,
        'visit' as segment,
        filled.measure,
        recipes.needs,
        cast(null as string) as method_id,
        filled.event_date,
        filled.port_locode as dimension_value,
        filled.holding_id,
        filled.amount,
        'visit' as entity_type,
        filled.visit_id as entity_id,
        {{ null_trust_columns() }}
    from filled
    inner join recipes
        on filled.measure = recipes.measure
    inner join filled as needed
        on filled.visit_id = needed.visit_id and recipes.needs = needed.measure
)

select * from final
