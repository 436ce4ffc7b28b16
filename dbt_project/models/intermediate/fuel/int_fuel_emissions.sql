with

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
),

methods as (
    select * from {{ ref('methods') }}
),

factors as (
    select * from {{ ref('int_emission_factors') }}
),

parts as (
    select
        fuel_rows.*,
        'fossil' as part,
        fuel_rows.mass_t * (1 - fuel_rows.certified_share) as part_mass_t
    from fuel_rows
    where fuel_rows.certified_share < 1
    union all
    select
        fuel_rows.*,
        'certified' as part,
        fuel_rows.mass_t * fuel_rows.certified_share as part_mass_t
    from fuel_rows
    where fuel_rows.certified_share > 0
),

classed as (
    select
        parts.*,
        methods.method_id,
        methods.residuals_by,
        {{ factor_class(
            'methods.residuals_by', 'parts.fuel_family', 'parts.sulphur_pct', 'parts.iso_grade', 'parts.viscosity_cst'
        ) }} as factor_class
    from parts
    cross join methods
),

factored as (
    select
        classed.*,
        factors.factor_key as row_factor_key,
        factors.ttw_t_per_t,
        factors.wtt_t_per_t,
        factors.wtw_t_per_t,
        factors.lcv_mj_per_g,
        factors.co2_t_per_t,
        case
            when classed.is_biogenic then factors.other_gases_biogenic_t_per_t
            else factors.other_gases_fossil_t_per_t
        end as other_gases_t_per_t,
        {{ evidence_as_used(
            'classed.residuals_by', 'classed.factor_class', 'factors.evidence', 'classed.fuel_type',
            'classed.is_stand_in', 'classed.sulphur_pct', 'classed.iso_grade'
        ) }} as row_evidence
    from classed
    left join factors
        on
            classed.method_id = factors.method_id
            and classed.factor_class = factors.factor_class
            and (factors.engine_type is null or classed.engine_type = factors.engine_type)
            and {{ is_valid_on('factors', 'classed.arrival_date') }}
),

fossil as (
    select
        fuel_row_id,
        method_id,
        part,
        segment_type,
        segment_id,
        imo_number,
        consumer,
        fuel_type,
        bdn_number,
        activity_class,
        part_mass_t,
        submission_id,
        cast(null as double) as certified_wtw_g_per_mj,
        row_factor_key as factor_key,
        row_evidence as evidence,
        part_mass_t * ttw_t_per_t as ttw_t,
        part_mass_t * wtt_t_per_t as wtt_t,
        part_mass_t * wtw_t_per_t as wtw_t,
        part_mass_t * 1e6 * lcv_mj_per_g as energy_mj,
        cast(null as double) as biogenic_co2_t
    from factored
    where part = 'fossil'
),

certified_per_tonne as (
    select
        *,
        coalesce(note_lcv_mj_per_g, lcv_mj_per_g) as used_lcv_mj_per_g,
        coalesce(note_lcv_mj_per_g, lcv_mj_per_g) * certified_wtw_g_per_mj
        + case when certificate_includes_use_phase then 0 else other_gases_t_per_t end as certified_wtw_t_per_t,
        other_gases_t_per_t + case when is_biogenic then 0 else co2_t_per_t end as certified_ttw_t_per_t
    from factored
    where part = 'certified'
),

certified as (
    select
        fuel_row_id,
        method_id,
        part,
        segment_type,
        segment_id,
        imo_number,
        consumer,
        fuel_type,
        bdn_number,
        activity_class,
        part_mass_t,
        submission_id,
        certified_wtw_g_per_mj,
        {{ certificate_factor_key('certificate_scheme', 'certificate_number') }} as factor_key,
        'one_source' as evidence,
        part_mass_t * certified_ttw_t_per_t as ttw_t,
        part_mass_t * (certified_wtw_t_per_t - certified_ttw_t_per_t) as wtt_t,
        part_mass_t * certified_wtw_t_per_t as wtw_t,
        part_mass_t * 1e6 * used_lcv_mj_per_g as energy_mj,
        case when is_biogenic then part_mass_t * co2_t_per_t end as biogenic_co2_t
    from certified_per_tonne
),

emitted as (
    select * from fossil
    union all
    select * from certified
),

final as (
    select
        fuel_row_id,
        method_id,
        part,
        segment_type,
        segment_id,
        imo_number,
        consumer,
        fuel_type,
        bdn_number,
        activity_class,
        part_mass_t as mass_t,
        energy_mj,
        ttw_t,
        wtt_t,
        wtw_t,
        biogenic_co2_t,
        certified_wtw_g_per_mj,
        case when wtw_t is not null then factor_key end as factor_key,
        case when wtw_t is not null then evidence end as evidence,
        part_mass_t is not null and wtw_t is null as lacks_a_factor,
        part_mass_t is null as lacks_a_mass,
        submission_id
    from emitted
)

select * from final
