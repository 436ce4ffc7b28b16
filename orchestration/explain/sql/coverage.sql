-- What coverage counts: a row `counted`, and a row for each partner and reason of what is missing.
-- All ship KPIs of a method and period share one coverage (docs/method.md#trust).
with

arrivals as (
    select
        legs.partner_id,
        emissions.is_complete,
        case
            when legs.sailed_distance_nm is null then 'the leg has no sailed distance'
            when
                legs.laden_teu is null or legs.empty_teu is null or legs.outbound_teu is null
                or legs.inbound_teu is null or legs.delivered_teu is null
                then 'the leg has no TEU on board, of the corridor or delivered'
            when legs.overlaps_another_leg then 'the leg overlaps another leg of the ship'
            when legs.breaks_the_chain then 'the leg leaves a port where the ship had not arrived'
            when coalesce(legs.fuel_coverage, 0) = 0 then 'no fuel is filed for the main engine on the leg'
            when legs.is_complete then 'a fuel of the leg has no factor in this method'
            else 'fuel of the leg is incomplete, rejected or without a factor'
        end as reason
    from cell
    inner join warehouse.marts.fct_emissions as emissions
        on emissions.method_id = cell.method_id
    inner join warehouse.marts.fct_voyage_legs as legs
        on emissions.segment_type = 'leg' and emissions.segment_id = legs.leg_id
    inner join warehouse.marts.dim_port as ports
        on legs.to_locode = ports.port_locode
    where
        cell.coverage_basis = 'arrivals'
        and legs.is_in_scope
        and ports.side is not null
        and cast(legs.arrival_utc as date) between cell.period_start and cell.period_end
),

terminal_months as (
    select
        terminals.operator_partner_id as partner_id,
        counted.entity_id is not null as is_complete,
        case
            when filed.terminal_code is null then 'no energy is filed for the month'
            else 'energy or activity of the month is incomplete or has no factor'
        end as reason
    from cell
    inner join warehouse.marts.dim_terminal as terminals
        on cell.dimension = 'corridor' or cell.dimension_value = terminals.port_locode
    cross join generate_series(cell.period_start, cell.period_end, interval 1 month) as months (month)
    left join (select distinct entity_id from lineage where term = 'denominator') as counted
        on counted.entity_id = terminals.terminal_code || ' ' || strftime(months.month, '%Y-%m-%d')
    left join (select distinct terminal_code, month from warehouse.marts.fct_terminal_energy) as filed
        on terminals.terminal_code = filed.terminal_code and months.month = filed.month
    where cell.coverage_basis = 'terminal_months'
),

vessel_years as (
    select
        ratings.partner_id,
        ratings.rating is not null as is_complete,
        ratings.not_rated_because as reason
    from cell
    inner join warehouse.marts.fct_vessel_ratings as ratings
        on ratings.year = year(cell.period_start)
    where cell.coverage_basis = 'vessel_years'
),

items as (
    select * from arrivals
    union all
    select * from terminal_months
    union all
    select * from vessel_years
),

counted as (
    select
        null as partner_id,
        'counted' as reason,
        count(*) as items
    from items
    where is_complete
),

incomplete as (
    select
        partner_id,
        reason,
        count(*) as items
    from items
    where not is_complete
    group by partner_id, reason
),

-- NULL if nothing counted, because the number expected is then not in the release.
expected as (
    select counted.items / nullif(cell.coverage, 0) as items
    from counted
    cross join cell
),

unreported as (
    select
        null as partner_id,
        'expected by the nominations, but no leg is filed' as reason,
        expected.items - (select count(*) from items) as items
    from expected
    cross join cell
    where cell.coverage_basis = 'arrivals' and expected.items - (select count(*) from items) > 1e-6
),

final as (
    select * from counted
    where (select coverage from cell) is not null
    union all
    select * from incomplete
    union all
    select * from unreported
)

select
    final.partner_id,
    final.reason,
    cast(final.items as double) as items,
    final.items / expected.items as share
from final
cross join expected
order by final.reason != 'counted', final.items desc, final.partner_id, final.reason
