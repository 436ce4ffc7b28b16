{#- kpi_id, segment_type, figure of the row, its scale, and what must be complete 
    (docs/method.md#intensity and method.md#port-to-port). -#}
{% set numerators = [
    ('corridor_wtw_t', 'leg', 'wtw_t', 1, 'complete'),
    ('corridor_wtw_t', 'stay', 'wtw_t', 1, 'complete'),
    ('corridor_wtw_g_per_teu_km', 'leg', 'wtw_t', 1e6, 'complete_with_transport'),
    ('corridor_wtw_g_per_laden_teu_km', 'leg', 'laden_wtw_t', 1e6, 'complete_with_transport'),
    ('port_to_port_kg_per_teu', 'leg', 'wtw_t', 1e3, 'complete'),
    ('port_to_port_kg_per_teu', 'stay', 'wtw_t', 1e3, 'complete'),
    ('port_to_port_sailing_kg_per_teu', 'leg', 'wtw_t', 1e3, 'complete'),
    ('port_to_port_berth_kg_per_teu', 'stay', 'wtw_t', 1e3, 'complete'),
    ('energy_ghg_intensity_g_mj', 'leg', 'wtw_t', 1e6, 'factored'),
    ('energy_ghg_intensity_g_mj', 'stay', 'wtw_t', 1e6, 'factored'),
] %}

{#- kpi_id, and the energy of a voyage that its numerator counts; all of them divide by the energy with a factor. -#}
{% set energy_kpis = [
    ('energy_ghg_intensity_g_mj', none),
    ('certified_energy_share', 'certified_mj'),
    ('zero_energy_share', 'zero_mj'),
] %}

with

definitions as (
    select * from {{ ref('int_kpi_methods') }}
),

recipes as (
    {% for kpi_id, segment_type, figure, scale, needs in numerators %}
        select
            '{{ kpi_id }}' as kpi_id,
            '{{ segment_type }}' as segment_type,
            '{{ figure }}' as figure,
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

shared_emissions as (
    select
        recipes.kpi_id,
        voyage_rows.method_id,
        voyage_rows.event_date,
        voyage_rows.direction as dimension_value,
        voyage_rows.holding_id,
        'numerator' as term,
        case recipes.figure when 'laden_wtw_t' then voyage_rows.laden_wtw_t else voyage_rows.wtw_t end
        * recipes.scale as amount,
        voyage_rows.segment_type as entity_type,
        voyage_rows.segment_id as entity_id,
        voyage_rows.activity_row_id,
        voyage_rows.activity_class,
        voyage_rows.factor_key,
        voyage_rows.evidence,
        voyage_rows.factor_lag_years
    from voyage_rows
    inner join recipes
        on voyage_rows.segment_type = recipes.segment_type
    inner join definitions
        on recipes.kpi_id = definitions.kpi_id and voyage_rows.method_id = definitions.method_id
    where
        case recipes.figure when 'laden_wtw_t' then voyage_rows.laden_wtw_t else voyage_rows.wtw_t end != 0
        and case recipes.needs
            when 'complete' then voyage_rows.is_complete
            when 'complete_with_transport' then voyage_rows.is_complete and voyage_rows.has_transport
            else voyage_rows.is_complete_but_for_factors and voyage_rows.part != 'electricity'
        end
),

energy_burned as (
    select
        voyage_id,
        method_id,
        event_date,
        direction as dimension_value,
        holding_id,
        {{ exact_sum('energy_mj') }} as energy_mj,
        {{ exact_sum("case when part = 'certified' then energy_mj else 0 end") }} as certified_mj,
        {{ exact_sum(
            "case when part = 'certified' and certified_wtw_g_per_mj <= " ~ max_zero_fuel_g_per_mj()
            ~ " then energy_mj else 0 end"
        ) }} as zero_mj
    from voyage_rows
    where is_complete_but_for_factors and wtw_t is not null and part != 'electricity'
    group by voyage_id, method_id, event_date, direction, holding_id
),

energy_terms as (
    {% for kpi_id, counted_mj in energy_kpis %}
        select
            '{{ kpi_id }}' as kpi_id,
            method_id,
            event_date,
            dimension_value,
            holding_id,
            'denominator' as term,
            energy_mj as amount,
            'voyage' as entity_type,
            voyage_id as entity_id
        from energy_burned
        {% if counted_mj %}
            union all
            select
                '{{ kpi_id }}' as kpi_id,
                method_id,
                event_date,
                dimension_value,
                holding_id,
                'numerator' as term,
                {{ counted_mj }} as amount,
                'voyage' as entity_type,
                voyage_id as entity_id
            from energy_burned
        {% endif %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

teu_delivered as (
    select
        definitions.kpi_id,
        completeness.method_id,
        voyages.delivered_date as event_date,
        voyages.direction as dimension_value,
        voyages.holding_id,
        'denominator' as term,
        case definitions.kpi_id
            when 'corridor_wtw_g_per_teu_km' then completeness.delivered_teu_km
            when 'corridor_wtw_g_per_laden_teu_km' then completeness.delivered_laden_teu_km
            else completeness.delivered_teu
        end as amount,
        'voyage' as entity_type,
        voyages.voyage_id as entity_id
    from voyages
    inner join completeness
        on voyages.voyage_id = completeness.voyage_id
    inner join definitions
        on
            completeness.method_id = definitions.method_id
            and (
                definitions.kpi_id in ('corridor_wtw_g_per_teu_km', 'corridor_wtw_g_per_laden_teu_km')
                or definitions.family = 'port_to_port'
            )
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
        cast(0 as double) as amount,
        'voyage' as entity_type,
        voyages.voyage_id as entity_id
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

rows_without_trust as (
    select * from voyages_counted
    union all
    select * from energy_terms
    union all
    select * from teu_delivered
),

final as (
    select * from shared_emissions
    union all
    select
        *,
        {{ null_trust_columns() }}
    from rows_without_trust
)

select * from final
