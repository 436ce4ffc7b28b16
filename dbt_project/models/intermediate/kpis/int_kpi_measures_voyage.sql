{#- measure, what must be complete, the column of an emission row, the voyages and the rows that count
    (docs/method.md#intensity and method.md#port-to-port). -#}
{% set emissions = [
    ('wtw_t', 'complete', 'wtw_t', 'is_complete', 'true'),
    ('wtw_t', 'complete_with_distance', 'wtw_t', 'is_complete and has_transport', 'true'),
    ('laden_wtw_t', 'complete_with_distance', 'laden_wtw_t', 'is_complete and has_transport', 'true'),
    ('fuel_wtw_t', 'complete_but_for_factors', 'wtw_t', 'is_complete_but_for_factors', "part != 'electricity'"),
] %}
{% set deliveries = [
    ('delivered_teu', 'complete'),
    ('delivered_teu_km', 'complete_with_distance'),
    ('delivered_laden_teu_km', 'complete_with_distance'),
] %}

with

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

voyages_by_method as (
    select
        voyages.delivered_date as event_date,
        voyages.direction as dimension_value,
        voyages.holding_id,
        completeness.*,
        completeness.delivered_teu_km is not null as has_transport
    from voyages
    inner join completeness
        on voyages.voyage_id = completeness.voyage_id
),

segment_emissions as (
    {% for measure, needs, column, voyage_counts, row_counts in emissions %}
        select
            '{{ measure }}' as measure,
            '{{ needs }}' as needs,
            segment_type as segment,
            method_id,
            event_date,
            direction as dimension_value,
            holding_id,
            {{ column }} as amount,
            segment_type as entity_type,
            segment_id as entity_id,
            activity_row_id,
            activity_class,
            factor_key,
            evidence,
            factor_lag_years
        from voyage_rows
        where {{ column }} != 0 and {{ voyage_counts }} and {{ row_counts }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A complete voyage that emitted nothing for the corridor is a zero, not an absence.
zero_emissions as (
    {% for measure, needs, column, voyage_counts, row_counts in emissions %}
        {% set measure_loop = loop %}
        {% for segment in ['leg', 'stay'] %}
            select
                '{{ measure }}' as measure,
                '{{ needs }}' as needs,
                '{{ segment }}' as segment,
                method_id,
                event_date,
                dimension_value,
                holding_id,
                cast(0 as double) as amount,
                voyage_id
            from voyages_by_method
            where {{ voyage_counts }}
            {{ 'union all' if not (loop.last and measure_loop.last) }}
        {% endfor %}
    {% endfor %}
),

energy_burned as (
    select
        voyage_id,
        segment_type as segment,
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
    group by voyage_id, segment_type, method_id, event_date, direction, holding_id
),

energy as (
    {% for measure in ['energy_mj', 'certified_mj', 'zero_mj'] %}
        select
            '{{ measure }}' as measure,
            'complete_but_for_factors' as needs,
            segment,
            method_id,
            event_date,
            dimension_value,
            holding_id,
            {{ measure }} as amount,
            voyage_id
        from energy_burned
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

delivered as (
    {% for measure, needs in deliveries %}
        select
            '{{ measure }}' as measure,
            '{{ needs }}' as needs,
            'voyage' as segment,
            method_id,
            event_date,
            dimension_value,
            holding_id,
            {{ measure }} as amount,
            voyage_id
        from voyages_by_method
        where is_complete
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

of_voyages as (
    select * from zero_emissions
    union all
    select * from energy
    union all
    select * from delivered
),

measures as (
    select * from segment_emissions
    union all
    select
        measure,
        needs,
        segment,
        method_id,
        event_date,
        dimension_value,
        holding_id,
        amount,
        'voyage' as entity_type,
        voyage_id as entity_id,
        {{ null_trust_columns() }}
    from of_voyages
),

final as (
    select
        'voyage' as population,
        *
    from measures
)

select * from final
