{#- measure, what the amount needs, and the amount of a complete leg (docs/method.md#intensity). -#}
{% set of_legs = [
    ('teu_km', 'complete', 'sailed_distance_km * teu_on_board'),
    (
        'capacity_teu_km', 'complete_with_capacity',
        'sailed_distance_km * nominal_capacity_teu * ' ~ clean_cargo_load_factor()
    ),
    ('teu_on_board', 'complete_with_lane_average', 'teu_on_board'),
    (
        'lane_average_g_per_km', 'complete_with_lane_average',
        'dry_g_per_teu_km * (teu_on_board - reefer_teu) + reefer_g_per_teu_km * reefer_teu'
    ),
    ('cargo_t_nm', 'complete_with_cargo', 'cargo_mass_t * sailed_distance_nm'),
] %}

with

legs as (
    select * from {{ ref('int_operated_legs') }}
),

segment_emissions as (
    select * from {{ ref('int_segment_emissions') }}
    where is_complete
),

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
),

lane_average as (
    select * from {{ ref('int_lane_average') }}
),

legs_without_cf as (
    select distinct segment_id as leg_id from fuel_rows
    where imo_cf_t_per_t is null
),

-- The stay after a leg has the leg's own id.
complete_legs as (
    select
        legs.*,
        leg_emissions.method_id,
        lane_average.dry_g_per_teu_km,
        lane_average.reefer_g_per_teu_km
    from legs
    inner join segment_emissions as leg_emissions
        on leg_emissions.segment_type = 'leg' and legs.leg_id = leg_emissions.segment_id
    left join segment_emissions as stay_emissions
        on
            stay_emissions.segment_type = 'stay'
            and legs.leg_id = stay_emissions.segment_id
            and leg_emissions.method_id = stay_emissions.method_id
    left join legs_without_cf
        on legs.leg_id = legs_without_cf.leg_id
    cross join lane_average
    where
        (stay_emissions.segment_id is not null or not legs.with_stay)
        and (legs_without_cf.leg_id is null or legs.needs != 'complete_with_cargo')
),

emissions as (
    select
        'wtw_t' as measure,
        legs.needs,
        emission_rows.segment_type as segment,
        legs.method_id,
        legs.event_date,
        legs.holding_id,
        emission_rows.wtw_t as amount,
        emission_rows.segment_type as entity_type,
        emission_rows.segment_id as entity_id,
        emission_rows.activity_row_id,
        emission_rows.activity_class,
        emission_rows.factor_key,
        emission_rows.evidence,
        emission_rows.factor_lag_years
    from complete_legs as legs
    inner join emission_rows
        on legs.leg_id = emission_rows.segment_id and legs.method_id = emission_rows.method_id
    where
        legs.needs in ('complete', 'complete_without_laden', 'complete_with_capacity')
        and (legs.with_stay or emission_rows.segment_type = 'leg')
),

funnel_emissions as (
    select
        'ttw_co2_t' as measure,
        legs.needs,
        fuel_rows.segment_type as segment,
        legs.method_id,
        legs.event_date,
        legs.holding_id,
        fuel_rows.mass_t * fuel_rows.imo_cf_t_per_t as amount,
        fuel_rows.segment_type as entity_type,
        fuel_rows.segment_id as entity_id,
        dense_rank() over (
            order by
                fuel_rows.segment_type nulls last,
                fuel_rows.segment_id nulls last,
                fuel_rows.consumer nulls last,
                fuel_rows.fuel_type nulls last,
                fuel_rows.activity_class nulls last
        ) as activity_row_id,
        fuel_rows.activity_class,
        {{ imo_cf_factor_key('fuel_rows.imo_cf_code') }} as factor_key,
        fuel_rows.imo_cf_evidence as evidence,
        cast(null as int) as factor_lag_years
    from complete_legs as legs
    inner join fuel_rows
        on legs.leg_id = fuel_rows.segment_id
    where legs.needs = 'complete_with_cargo'
),

transport as (
    {% for measure, needs, amount in of_legs %}
        select
            '{{ measure }}' as measure,
            needs,
            method_id,
            event_date,
            holding_id,
            {{ amount }} as amount,
            leg_id
        from complete_legs
        where needs = '{{ needs }}'
        union all
    {% endfor %}
    -- A complete leg with laden containers leaves nothing unallocated: a zero, not an absence.
    select
        'wtw_t' as measure,
        'complete_without_laden' as needs,
        method_id,
        event_date,
        holding_id,
        cast(0 as double) as amount,
        leg_id
    from complete_legs
    where needs = 'complete' and laden_teu > 0
),

measures as (
    select * from emissions
    union all
    select * from funnel_emissions
    union all
    select
        measure,
        needs,
        'leg' as segment,
        method_id,
        event_date,
        holding_id,
        amount,
        'leg' as entity_type,
        leg_id as entity_id,
        {{ null_trust_columns() }}
    from transport
),

final as (
    select
        'operated' as population,
        *,
        'none' as dimension_value
    from measures
)

select * from final
