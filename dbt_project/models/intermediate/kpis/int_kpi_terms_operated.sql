{#- kpi_id, whether the stay after the leg counts too, the scale, and which of the complete legs count. -#}
{% set numerators = [
    ('operated_wtw_g_per_teu_km', false, '1e6', 'true'),
    ('unallocated_wtw_t', false, '1', 'legs.laden_teu = 0'),
    (
        'clean_cargo_g_per_teu_km', true, '1e6 * ' ~ clean_cargo_distance_adjustment(),
        'legs.is_complete_with_stay and legs.nominal_capacity_teu > 0'
    ),
] %}

with

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

unit_emissions as (
    select * from {{ ref('int_segment_emissions') }}
    where is_complete
),

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

ports as (
    select * from {{ ref('ports') }}
),

lane_averages as (
    select * from {{ ref('clean_cargo_trade_lanes') }}
),

-- The stay after a leg has the leg's own id.
complete_legs as (
    select
        legs.leg_id,
        legs.arrival_date as event_date,
        legs.holding_id,
        legs.sailed_distance_nm,
        legs.sailed_distance_km,
        legs.laden_teu,
        legs.teu_on_board,
        legs.reefer_teu,
        legs.cargo_mass_t,
        legs.nominal_capacity_teu,
        leg_emissions.method_id,
        stay_emissions.segment_id is not null as is_complete_with_stay
    from legs
    inner join unit_emissions as leg_emissions
        on leg_emissions.segment_type = 'leg' and legs.leg_id = leg_emissions.segment_id
    left join unit_emissions as stay_emissions
        on
            stay_emissions.segment_type = 'stay'
            and legs.leg_id = stay_emissions.segment_id
            and leg_emissions.method_id = stay_emissions.method_id
),

{% for kpi_id, with_stay, scale, counts in numerators %}
    {{ kpi_id }}_rows as (
        select
            '{{ kpi_id }}' as kpi_id,
            legs.method_id,
            legs.event_date,
            legs.holding_id,
            'numerator' as term,
            emission_rows.wtw_t * {{ scale }} as amount,
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
        where {{ counts }} {{ "and emission_rows.segment_type = 'leg'" if not with_stay }}
    ),
{% endfor %}

transport as (
    select
        'operated_wtw_g_per_teu_km' as kpi_id,
        method_id,
        event_date,
        holding_id,
        'denominator' as term,
        sailed_distance_km * teu_on_board as amount,
        'leg' as entity_type,
        leg_id as entity_id
    from complete_legs
    union all
    select
        'clean_cargo_g_per_teu_km' as kpi_id,
        method_id,
        event_date,
        holding_id,
        'denominator' as term,
        sailed_distance_km * nominal_capacity_teu * {{ clean_cargo_load_factor() }} as amount,
        'leg' as entity_type,
        leg_id as entity_id
    from complete_legs
    where is_complete_with_stay and nominal_capacity_teu > 0
),

side_areas as (
    select distinct
        sides.side,
        ports.clean_cargo_area as area
    from sides
    inner join ports
        on sides.port_locode = ports.locode
),

-- A leg that counts and carried laden boxes leaves nothing unallocated: a zero, not an absence.
allocated as (
    select
        'unallocated_wtw_t' as kpi_id,
        method_id,
        event_date,
        holding_id,
        'numerator' as term,
        cast(0 as double) as amount,
        'leg' as entity_type,
        leg_id as entity_id
    from complete_legs
    where laden_teu > 0
),

-- The published averages of the lane between the areas of the corridor's two sides.
lane as (
    select
        max(case when lane_averages.container_type = 'dry' then lane_averages.wtw_g_per_teu_km end) as dry_g_per_teu_km,
        max(case when lane_averages.container_type = 'reefer' then lane_averages.wtw_g_per_teu_km end)
            as reefer_g_per_teu_km
    from lane_averages
    inner join side_areas as origin
        on origin.side = 'origin'
    inner join side_areas as destination
        on destination.side = 'destination'
    where
        lane_averages.trade_lane = origin.area || ' to/from ' || destination.area
        or lane_averages.trade_lane = destination.area || ' to/from ' || origin.area
),

referred_legs as (
    select
        legs.*,
        lane.dry_g_per_teu_km * (legs.teu_on_board - legs.reefer_teu)
        + lane.reefer_g_per_teu_km * legs.reefer_teu as average_g_per_km
    from complete_legs as legs
    cross join lane
    where
        extract(year from legs.event_date) <= {{ clean_cargo_averages_until() }}
        and legs.method_id = {{ default_method_id() }}
        and legs.is_complete_with_stay
        and legs.nominal_capacity_teu > 0
        and legs.reefer_teu is not null
),

reference_line as (
    {% for term, amount in [('numerator', 'average_g_per_km'), ('denominator', 'teu_on_board')] %}
        select
            'clean_cargo_reference_g_per_teu_km' as kpi_id,
            method_id,
            event_date,
            holding_id,
            '{{ term }}' as term,
            {{ amount }} as amount,
            'leg' as entity_type,
            leg_id as entity_id
        from referred_legs
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

legs_without_cf as (
    select distinct segment_id as leg_id from fuel_rows
    where imo_cf_t_per_t is null
),

weighed_legs as (
    select legs.*
    from complete_legs as legs
    left join legs_without_cf
        on legs.leg_id = legs_without_cf.leg_id
    where
        legs.method_id = {{ default_method_id() }}
        and legs.is_complete_with_stay
        and legs.cargo_mass_t is not null
        and legs_without_cf.leg_id is null
),

eeoi_rows as (
    select
        'eeoi_g_per_t_nm' as kpi_id,
        legs.method_id,
        legs.event_date,
        legs.holding_id,
        'numerator' as term,
        fuel_rows.mass_t * fuel_rows.imo_cf_t_per_t * 1e6 as amount,
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
    from weighed_legs as legs
    inner join fuel_rows
        on legs.leg_id = fuel_rows.segment_id
),

transport_work as (
    select
        'eeoi_g_per_t_nm' as kpi_id,
        method_id,
        event_date,
        holding_id,
        'denominator' as term,
        cargo_mass_t * sailed_distance_nm as amount,
        'leg' as entity_type,
        leg_id as entity_id
    from weighed_legs
),

emission_terms as (
    {% for kpi_id, with_stay, scale, counts in numerators %}
        select * from {{ kpi_id }}_rows
        union all
    {% endfor %}
    select * from eeoi_rows
),

rows_without_trust as (
    select * from transport
    union all
    select * from allocated
    union all
    select * from reference_line
    union all
    select * from transport_work
),

terms as (
    select * from emission_terms
    union all
    select
        *,
        {{ null_trust_columns() }}
    from rows_without_trust
),

final as (
    select
        kpi_id,
        method_id,
        event_date,
        'none' as dimension_value,
        holding_id,
        term,
        amount,
        entity_type,
        entity_id,
        activity_row_id,
        activity_class,
        factor_key,
        evidence,
        factor_lag_years
    from terms
)

select * from final
