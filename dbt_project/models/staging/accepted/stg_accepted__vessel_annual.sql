with

source as (
    select * from {{ source('accepted', 'vessel_annual') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        imo_number,
        year,
        fuel_type,
        mass_t,
        distance_nm,
        verified_by,
        partner_id,
        submission_id
    from source
)

select * from final
