with

legs as (
    select * from {{ ref('int_current_voyage_legs') }}
),

vessels as (
    select * from {{ ref('int_vessel_particulars') }}
),

nominations as (
    select * from {{ ref('int_service_nominations') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

distances as (
    select * from {{ ref('int_sea_distances') }}
),

sequenced as (
    select
        *,
        row_number() over (vessel_history) as leg_number,
        lag(to_locode) over (vessel_history) as previous_to_locode,
        lead(departure_utc) over (vessel_history) as next_departure_utc,
        lead(from_locode) over (vessel_history) as next_from_locode,
        lead(leg_id) over (vessel_history) as next_leg_id,
        max(coalesce(arrival_utc, departure_utc)) over (
            partition by imo_number
            order by departure_utc nulls last, leg_id nulls last
            rows between unbounded preceding and 1 preceding
        ) as latest_earlier_arrival_utc
    from legs
    window vessel_history as (partition by imo_number order by departure_utc nulls last, leg_id nulls last)
),

nominated as (
    select
        sequenced.leg_id,
        min(nominations.submission_id) as nomination_submission_id
    from sequenced
    inner join nominations
        on
            sequenced.service_code = nominations.service_code
            and cast(sequenced.arrival_utc as date) >= nominations.nominated_from
            and (nominations.nominated_to is null or cast(sequenced.arrival_utc as date) <= nominations.nominated_to)
    group by sequenced.leg_id
),

final as (
    select
        sequenced.leg_id,
        sequenced.leg_number,
        sequenced.imo_number,
        sequenced.partner_id,
        partners.holding_id,
        sequenced.service_code,
        sequenced.voyage_number,
        sequenced.from_locode,
        sequenced.to_locode,
        from_side.side as from_side,
        to_side.side as to_side,
        sequenced.departure_utc,
        sequenced.arrival_utc,
        cast(sequenced.arrival_utc as date) as arrival_date,
        sequenced.next_leg_id,
        sequenced.next_departure_utc,
        sequenced.next_from_locode,
        {{ hours_between('sequenced.departure_utc', 'sequenced.arrival_utc') }} as sailing_hours,
        sequenced.sailed_distance_nm,
        sequenced.sailed_distance_nm * {{ km_per_nm() }} as sailed_distance_km,
        distances.sfd_nm,
        distances.great_circle_nm,
        sequenced.laden_teu,
        sequenced.empty_teu,
        sequenced.laden_teu + sequenced.empty_teu as teu_on_board,
        sequenced.reefer_teu,
        sequenced.cargo_mass_t,
        sequenced.outbound_laden_teu,
        sequenced.outbound_empty_teu,
        sequenced.inbound_laden_teu,
        sequenced.inbound_empty_teu,
        sequenced.outbound_laden_teu + sequenced.outbound_empty_teu as outbound_teu,
        sequenced.inbound_laden_teu + sequenced.inbound_empty_teu as inbound_teu,
        sequenced.delivered_laden_teu,
        sequenced.delivered_empty_teu,
        sequenced.delivered_laden_teu + sequenced.delivered_empty_teu as delivered_teu,
        vessels.vessel_row_id,
        vessels.nominal_capacity_teu,
        vessels.main_engine_type,
        vessels.aux_engine_type,
        vessels.capability,
        nominated.leg_id is not null as is_in_scope,
        nominated.nomination_submission_id,
        coalesce(sequenced.departure_utc < sequenced.latest_earlier_arrival_utc, false)
        or coalesce(sequenced.next_departure_utc < sequenced.arrival_utc, false) as overlaps_another_leg,
        coalesce(sequenced.previous_to_locode != sequenced.from_locode, false) as breaks_the_chain,
        sequenced.submission_id
    from sequenced
    left join nominated
        on sequenced.leg_id = nominated.leg_id
    left join partners
        on sequenced.partner_id = partners.partner_id
    left join sides as from_side
        on sequenced.from_locode = from_side.port_locode
    left join sides as to_side
        on sequenced.to_locode = to_side.port_locode
    left join distances
        on sequenced.from_locode = distances.from_locode and sequenced.to_locode = distances.to_locode
    left join vessels
        on
            sequenced.partner_id = vessels.partner_id
            and sequenced.imo_number = vessels.imo_number
            and cast(sequenced.arrival_utc as date) >= vessels.valid_from
            and (vessels.valid_before is null or cast(sequenced.arrival_utc as date) < vessels.valid_before)
)

select * from final
