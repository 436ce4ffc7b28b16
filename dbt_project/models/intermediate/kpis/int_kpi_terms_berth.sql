{#- kpi_id, numerator, denominator and which visits count (docs/method.md#berth and method.md#progress). -#}
{% set ratios = [
    ('shore_power_use', 'shore_power_hours', 'berth_hours', 'true'),
    ('shore_power_coverage', 'shore_power_hours_in_window', 'window_hours', 'counts_for_coverage'),
    ('controlled_coverage', 'controlled_hours_in_window', 'window_hours', 'counts_for_coverage'),
    ('connected_calls', 'connected_visits', 'visits', 'true'),
    ('capable_calls', 'capable_visits', 'visits', 'true'),
    ('certified_fuelled_calls', 'certified_fuelled_visits', 'visits', 'true'),
] %}

with

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

counted as (
    select
        visits.*,
        stays.arrival_date as event_date,
        stays.holding_id,
        cast(1 as double) as visits,
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

visit_terms as (
    {% for kpi_id, numerator, denominator, counts in ratios %}
        select
            '{{ kpi_id }}' as kpi_id,
            event_date,
            port_locode as dimension_value,
            holding_id,
            {{ numerator }} as numerator,
            {{ denominator }} as denominator,
            visit_id
        from counted
        where {{ numerator }} is not null and {{ denominator }} is not null and {{ counts }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    {% for term in ['numerator', 'denominator'] %}
        select
            kpi_id,
            {{ default_method_id() }} as method_id,
            event_date,
            dimension_value,
            holding_id,
            '{{ term }}' as term,
            {{ term }} as amount,
            'visit' as entity_type,
            visit_id as entity_id,
            {{ null_trust_columns() }}
        from visit_terms
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
