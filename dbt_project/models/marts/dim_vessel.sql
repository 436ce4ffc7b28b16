with

source as (
    select * from {{ ref('int_vessel_particulars') }}
),

final as (
    select
        vessel_row_id,
        imo_number,
        vessel_name,
        dwt_t,
        nominal_capacity_teu,
        main_engine_type,
        aux_engine_type,
        capability,
        partner_id,
        valid_from,
        valid_before
    from source
)

select * from final
