{#- kpi_id, unit_type, measure, unit scale, and what must be complete (METHOD section 3 and 7). -#}
{% set numerators = [
    ('corridor_wtw_t', 'leg', 1, 'complete'),
    ('corridor_wtw_t', 'stay', 1, 'complete'),
    ('corridor_wtw_g_per_teu_km', 'leg', 1e6, 'complete_with_transport'),
    ('port_to_port_kg_per_teu', 'leg', 1e3, 'complete'),
    ('port_to_port_kg_per_teu', 'stay', 1e3, 'complete'),
    ('port_to_port_sailing_kg_per_teu', 'leg', 1e3, 'complete'),
    ('port_to_port_berth_kg_per_teu', 'stay', 1e3, 'complete'),
    ('energy_ghg_intensity_g_mj', 'leg', 1e6, 'factored'),
    ('energy_ghg_intensity_g_mj', 'stay', 1e6, 'factored'),
] %}

with

definitions as (
    select * from {{ ref('int_kpi_methods') }}
),

recipes as (
    {% for kpi_id, unit_type, scale, needs in numerators %}
        select
            '{{ kpi_id }}' as kpi_id,
            '{{ unit_type }}' as unit_type,
            {{ scale }} as scale,
            '{{ needs }}' as needs
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

voyage_rows as (
    select * from {{ ref('int_voyage_emissions') }}
),

voyages as (
    select * from {{ ref('int_voyages') }}
    where is_in_scope
),

completeness as (
    select * from {{ ref('int_voyage_completeness') }}
),

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

unit_emissions as (
    select * from {{ ref('int_unit_emissions') }}
    where unit_type = 'leg' and is_complete
),

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
    where unit_type = 'leg'
),

shared_emissions as (
    select
        recipes.kpi_id,
        voyage_rows.method_id,
        voyage_rows.event_date,
        voyage_rows.direction as dimension_value,
        voyage_rows.holding_id,
        'numerator' as term,
        voyage_rows.wtw_t * recipes.scale as amount,
        voyage_rows.activity_row_id,
        voyage_rows.activity_class,
        voyage_rows.factor_key,
        voyage_rows.evidence,
        voyage_rows.factor_lag_years
    from voyage_rows
    inner join recipes
        on voyage_rows.unit_type = recipes.unit_type
    inner join definitions
        on recipes.kpi_id = definitions.kpi_id and voyage_rows.method_id = definitions.method_id
    where
        voyage_rows.wtw_t != 0
        and case recipes.needs
            when 'complete' then voyage_rows.is_complete
            when 'complete_with_transport' then voyage_rows.is_complete and voyage_rows.has_transport
            else voyage_rows.is_complete_but_for_factors and voyage_rows.part != 'electricity'
        end
),

energy_burned as (
    select
        'energy_ghg_intensity_g_mj' as kpi_id,
        method_id,
        event_date,
        direction as dimension_value,
        holding_id,
        'denominator' as term,
        {{ exact_sum('energy_mj') }} as amount
    from voyage_rows
    where is_complete_but_for_factors and wtw_t is not null and part != 'electricity'
    group by method_id, event_date, direction, holding_id
),

teu_delivered as (
    select
        definitions.kpi_id,
        completeness.method_id,
        voyages.delivered_date as event_date,
        voyages.direction as dimension_value,
        voyages.holding_id,
        'denominator' as term,
        case
            when definitions.kpi_id = 'corridor_wtw_g_per_teu_km' then completeness.delivered_teu_km
            else completeness.delivered_teu
        end as amount
    from voyages
    inner join completeness
        on voyages.voyage_id = completeness.voyage_id
    inner join definitions
        on
            completeness.method_id = definitions.method_id
            and (definitions.kpi_id = 'corridor_wtw_g_per_teu_km' or definitions.family = 'port_to_port')
    where completeness.is_complete
),

-- A voyage that counts and emitted nothing for the corridor is a zero, not an absence.
voyages_counted as (
    select distinct
        recipes.kpi_id,
        completeness.method_id,
        voyages.delivered_date as event_date,
        voyages.direction as dimension_value,
        voyages.holding_id,
        'numerator' as term,
        cast(0 as double) as amount
    from voyages
    inner join completeness
        on voyages.voyage_id = completeness.voyage_id
    inner join definitions
        on completeness.method_id = definitions.method_id
    inner join recipes
        on definitions.kpi_id = recipes.kpi_id
    where
        case recipes.needs
            when 'complete' then completeness.is_complete
            when 'complete_with_transport' then completeness.is_complete and completeness.delivered_teu_km is not null
            else completeness.is_complete_but_for_factors
        end
),

operated_emissions as (
    select
        'operated_wtw_g_per_teu_km' as kpi_id,
        emission_rows.method_id,
        legs.arrival_date as event_date,
        'none' as dimension_value,
        legs.holding_id,
        'numerator' as term,
        emission_rows.wtw_t * 1e6 as amount,
        emission_rows.activity_row_id,
        emission_rows.activity_class,
        emission_rows.factor_key,
        emission_rows.evidence,
        emission_rows.factor_lag_years
    from emission_rows
    inner join unit_emissions
        on emission_rows.unit_id = unit_emissions.unit_id and emission_rows.method_id = unit_emissions.method_id
    inner join legs
        on emission_rows.unit_id = legs.leg_id
),

operated_transport as (
    select
        'operated_wtw_g_per_teu_km' as kpi_id,
        unit_emissions.method_id,
        legs.arrival_date as event_date,
        'none' as dimension_value,
        legs.holding_id,
        'denominator' as term,
        legs.sailed_distance_km * legs.teu_on_board as amount
    from unit_emissions
    inner join legs
        on unit_emissions.unit_id = legs.leg_id
),

numerator_rows as (
    select * from shared_emissions
    union all
    select * from operated_emissions
),

rows_without_trust as (
    select * from voyages_counted
    union all
    select * from energy_burned
    union all
    select * from teu_delivered
    union all
    select * from operated_transport
),

final as (
    select
        kpi_id,
        method_id,
        event_date,
        dimension_value,
        holding_id,
        term,
        amount,
        activity_row_id,
        activity_class,
        factor_key,
        evidence,
        factor_lag_years
    from numerator_rows
    union all
    select
        kpi_id,
        method_id,
        event_date,
        dimension_value,
        holding_id,
        term,
        amount,
        {{ no_emissions() }}
    from rows_without_trust
)

select * from final
