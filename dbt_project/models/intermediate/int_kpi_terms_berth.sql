with

visits as (
    select * from {{ ref('int_visits') }}
),

stays as (
    select * from {{ ref('int_stays') }}
    where is_in_scope and side is not null
),

counted as (
    select
        visits.*,
        stays.arrival_date as event_date,
        stays.holding_id
    from visits
    inner join stays
        on visits.stay_id = stays.stay_id
),

connected as (
    select
        'shore_power_use' as kpi_id,
        event_date,
        port_locode as dimension_value,
        holding_id,
        shore_power_hours as numerator,
        berth_hours as denominator
    from counted
    where shore_power_hours is not null and berth_hours is not null
),

covered as (
    select
        'shore_power_coverage' as kpi_id,
        event_date,
        port_locode as dimension_value,
        holding_id,
        shore_power_hours_in_window as numerator,
        window_hours as denominator
    from counted
    where counts_for_coverage and shore_power_hours_in_window is not null
),

visit_terms as (
    select * from connected
    union all
    select * from covered
),

final as (
    select
        kpi_id,
        'glec_v3_2' as method_id,
        event_date,
        dimension_value,
        holding_id,
        'numerator' as term,
        numerator as amount,
        {{ no_emissions() }}
    from visit_terms
    union all
    select
        kpi_id,
        'glec_v3_2' as method_id,
        event_date,
        dimension_value,
        holding_id,
        'denominator' as term,
        denominator as amount,
        {{ no_emissions() }}
    from visit_terms
)

select * from final
