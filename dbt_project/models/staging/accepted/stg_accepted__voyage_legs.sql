with

source as (
    select * from {{ source('accepted', 'voyage_legs') }}
),

final as (
    select
        {{ filed_row_id() }} as leg_id,
        imo_number,
        service_code,
        voyage_number,
        from_locode,
        to_locode,
        departure_utc,
        arrival_utc,
        sailed_distance_nm,
        laden_teu,
        empty_teu,
        reefer_teu,
        cargo_mass_t,
        outbound_laden_teu,
        outbound_empty_teu,
        inbound_laden_teu,
        inbound_empty_teu,
        delivered_laden_teu,
        delivered_empty_teu,
        partner_id,
        submission_id
    from source
)

select * from final
