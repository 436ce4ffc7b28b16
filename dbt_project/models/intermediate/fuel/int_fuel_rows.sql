with

filed_rows as (
    select * from {{ ref('int_fuel_rows_filed') }}
),

modelled_rows as (
    select * from {{ ref('int_stay_modelled_fuel') }}
),

legs as (
    select * from {{ ref('int_legs') }}
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
),

fuel_types as (
    select * from {{ ref('fuel_types') }}
),

imo_cf as (
    select * from {{ ref('imo_cf') }}
),

rows_of_segments as (
    select
        filed_row_id as fuel_row_id,
        segment_type,
        segment_id,
        imo_number,
        consumer,
        fuel_type,
        bdn_number,
        mass_t,
        activity_class,
        submission_id
    from filed_rows
    where segment_id is not null
    union all
    select
        modelled_row_id as fuel_row_id,
        'stay' as segment_type,
        stay_id as segment_id,
        imo_number,
        consumer,
        fuel_type,
        cast(null as string) as bdn_number,
        mass_t,
        'modelled' as activity_class,
        submission_id
    from modelled_rows
),

final as (
    select
        rows_of_segments.fuel_row_id,
        rows_of_segments.segment_type,
        rows_of_segments.segment_id,
        rows_of_segments.imo_number,
        legs.arrival_date,
        rows_of_segments.consumer,
        rows_of_segments.fuel_type,
        rows_of_segments.bdn_number,
        rows_of_segments.mass_t,
        rows_of_segments.activity_class,
        fuel_types.family as fuel_family,
        fuel_types.is_biogenic,
        fuel_types.is_stand_in,
        case rows_of_segments.consumer
            when 'main_engine' then legs.main_engine_type
            when 'aux_engine' then legs.aux_engine_type
            when 'boiler' then 'steam'
        end as engine_type,
        notes.sulphur_pct,
        notes.iso_grade,
        notes.viscosity_cst,
        notes.lcv_mj_per_g as note_lcv_mj_per_g,
        case
            when notes.fuel_type = rows_of_segments.fuel_type then notes.certified_share_of_consumption
            else 0
        end as certified_share,
        notes.certificate_scheme,
        notes.certificate_number,
        notes.certified_wtw_g_per_mj,
        notes.certificate_includes_use_phase,
        imo_cf.fuel_code as imo_cf_code,
        imo_cf.cf_tco2_per_t as imo_cf_t_per_t,
        imo_cf.evidence as imo_cf_evidence,
        rows_of_segments.mass_t * coalesce(imo_cf.lcv_mj_per_kg * 1e3, notes.lcv_mj_per_g * 1e6) as reference_energy_mj,
        rows_of_segments.submission_id,
        notes.submission_id as note_submission_id
    from rows_of_segments
    left join fuel_types
        on rows_of_segments.fuel_type = fuel_types.fuel_type
    inner join legs
        on rows_of_segments.segment_id = legs.leg_id
    left join notes
        on legs.partner_id = notes.partner_id and rows_of_segments.bdn_number = notes.bdn_number
    left join imo_cf
        on fuel_types.imo_cf_code = imo_cf.fuel_code
)

select * from final
