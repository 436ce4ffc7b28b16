with

notes as (
    select * from {{ ref('int_delivery_notes') }}
    where is_certified
),

final as (
    select
        bdn_number,
        partner_id,
        imo_number,
        port_locode,
        delivered_utc,
        fuel_type,
        mass_t,
        certificate_scheme,
        certificate_number,
        certified_wtw_g_per_mj,
        certified_limit_t,
        coalesce(certified_claimed_t, 0) as certified_claimed_t,
        least(coalesce(certified_claimed_t, 0), certified_limit_t) as certified_used_t,
        greatest(coalesce(certified_claimed_t, 0) - certified_limit_t, 0) as over_claimed_t,
        submission_id
    from notes
)

select * from final
