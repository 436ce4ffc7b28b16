with

visits as (
    select * from {{ ref('int_visits') }}
),

stays as (
    select * from {{ ref('int_stays') }}
    where is_in_scope and side is not null
),

segment_emissions as (
    select * from {{ ref('int_segment_emissions') }}
    where segment_type = 'stay' and is_complete
),

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
    where segment_type = 'stay'
),

shore_power as (
    select * from {{ ref('int_shore_power_emissions') }}
),

factors as (
    select * from {{ ref('int_emission_factors') }}
    where factor_class = 'distillate'
),

bsfc as (
    select * from {{ ref('bsfc_g_per_kwh') }}
    where engine_group = 'auxiliary' and fuel = 'MGO/MDO'
),

called_stays as (
    select
        stays.stay_id,
        stays.arrival_date as event_date,
        stays.port_locode as dimension_value,
        stays.holding_id,
        count(*) as visits
    from stays
    inner join visits
        on stays.stay_id = visits.stay_id
    group by stays.stay_id, stays.arrival_date, stays.port_locode, stays.holding_id
),

complete_stays as (
    select
        called_stays.*,
        segment_emissions.method_id
    from called_stays
    inner join segment_emissions
        on called_stays.stay_id = segment_emissions.segment_id
),

emitted_at_berth as (
    select
        'wtw_t' as measure,
        'complete' as needs,
        'stay' as segment,
        complete_stays.method_id,
        complete_stays.event_date,
        complete_stays.dimension_value,
        complete_stays.holding_id,
        emission_rows.wtw_t as amount,
        'stay' as entity_type,
        complete_stays.stay_id as entity_id,
        emission_rows.activity_row_id,
        emission_rows.activity_class,
        emission_rows.factor_key,
        emission_rows.evidence,
        emission_rows.factor_lag_years
    from complete_stays
    inner join emission_rows
        on complete_stays.stay_id = emission_rows.segment_id and complete_stays.method_id = emission_rows.method_id
),

calls as (
    select
        'visits' as measure,
        'complete' as needs,
        'stay' as segment,
        method_id,
        event_date,
        dimension_value,
        holding_id,
        cast(visits as double) as amount,
        'stay' as entity_type,
        stay_id as entity_id,
        {{ null_trust_columns() }}
    from complete_stays
),

-- The fuel that the auxiliary engines would have burned for the same energy, and the emissions of the grid instead.
replaced as (
    select
        'avoided_co2e_t' as measure,
        'shore_power' as needs,
        'visit' as segment,
        factors.method_id,
        stays.arrival_date as event_date,
        stays.port_locode as dimension_value,
        stays.holding_id,
        'visit' as entity_type,
        shore_power.visit_id as entity_id,
        dense_rank() over (
            order by shore_power.stay_id nulls last, shore_power.activity_class nulls last
        ) as activity_row_id,
        shore_power.activity_class,
        shore_power.shore_power_kwh * bsfc.bsfc_g_kwh / 1e6 * factors.wtw_t_per_t as fuel_wtw_t,
        shore_power.co2e_t as grid_co2e_t,
        factors.factor_key as fuel_factor_key,
        factors.evidence as fuel_evidence,
        shore_power.factor_key as grid_factor_key,
        shore_power.evidence as grid_evidence,
        shore_power.factor_lag_years as grid_factor_lag_years
    from shore_power
    inner join stays
        on shore_power.stay_id = stays.stay_id
    inner join visits
        on shore_power.visit_id = visits.visit_id
    inner join factors
        on {{ is_valid_on('factors', 'stays.arrival_date') }}
    cross join bsfc
    where visits.emission_control = 'shore_power'
),

avoided as (
    {% for side in ['fuel', 'grid'] %}
        select
            measure,
            needs,
            segment,
            method_id,
            event_date,
            dimension_value,
            holding_id,
            {{ 'fuel_wtw_t' if side == 'fuel' else '0 - grid_co2e_t' }} as amount,
            entity_type,
            entity_id,
            activity_row_id,
            activity_class,
            {{ side }}_factor_key as factor_key,
            {{ side }}_evidence as evidence,
            {{ 'cast(null as int)' if side == 'fuel' else 'grid_factor_lag_years' }} as factor_lag_years
        from replaced
        where fuel_wtw_t is not null and grid_co2e_t is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

measures as (
    select * from emitted_at_berth
    union all
    select * from calls
    union all
    select * from avoided
),

final as (
    select
        'call' as population,
        *
    from measures
)

select * from final
