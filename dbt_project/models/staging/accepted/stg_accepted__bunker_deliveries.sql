with

source as (
    select * from {{ source('accepted', 'bunker_deliveries') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        bdn_number,
        imo_number,
        port_locode,
        delivered_utc,
        fuel_type,
        upper(iso_grade) as iso_grade,
        mass_t,
        lcv_mj_per_kg / 1000 as lcv_mj_per_g,
        sulphur_pct,
        viscosity_cst,
        certificate_scheme,
        certificate_number,
        certified_mass_t,
        certified_wtw_g_per_mj,
        coalesce(certificate_includes_use_phase, false) as certificate_includes_use_phase,
        partner_id,
        submission_id
    from source
)

select * from final
