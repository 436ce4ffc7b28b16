with

{{ current_rows('voyage_legs', ['partner_id', 'imo_number', 'departure_utc']) }},

aliases as (
    select * from {{ ref('locode_aliases') }}
),

final as (
    select
        current_rows.leg_id,
        current_rows.imo_number,
        current_rows.service_code,
        current_rows.voyage_number,
        coalesce(from_aliases.locode, current_rows.from_locode) as from_locode,
        coalesce(to_aliases.locode, current_rows.to_locode) as to_locode,
        current_rows.departure_utc,
        current_rows.arrival_utc,
        current_rows.sailed_distance_nm,
        current_rows.laden_teu,
        current_rows.empty_teu,
        current_rows.reefer_teu,
        current_rows.cargo_mass_t,
        current_rows.outbound_laden_teu,
        current_rows.outbound_empty_teu,
        current_rows.inbound_laden_teu,
        current_rows.inbound_empty_teu,
        current_rows.delivered_laden_teu,
        current_rows.delivered_empty_teu,
        current_rows.partner_id,
        current_rows.submission_id
    from current_rows
    left join aliases as from_aliases
        on current_rows.from_locode = from_aliases.alias
    left join aliases as to_aliases
        on current_rows.to_locode = to_aliases.alias
)

select * from final
