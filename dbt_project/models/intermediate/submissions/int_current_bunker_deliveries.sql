with

{{ current_rows('bunker_deliveries', ['partner_id', 'bdn_number']) }},

aliases as (
    select * from {{ ref('locode_aliases') }}
),

final as (
    select
        current_rows.filed_row_id,
        current_rows.bdn_number,
        current_rows.imo_number,
        coalesce(aliases.locode, current_rows.port_locode) as port_locode,
        current_rows.delivered_utc,
        current_rows.fuel_type,
        current_rows.iso_grade,
        current_rows.mass_t,
        current_rows.lcv_mj_per_g,
        current_rows.sulphur_pct,
        current_rows.viscosity_cst,
        current_rows.certificate_scheme,
        current_rows.certificate_number,
        current_rows.certified_mass_t,
        current_rows.certified_wtw_g_per_mj,
        current_rows.certificate_includes_use_phase,
        current_rows.partner_id,
        current_rows.submission_id
    from current_rows
    left join aliases
        on current_rows.port_locode = aliases.alias
)

select * from final
