with

source as (
    select * from {{ source('accepted', 'rob') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        imo_number,
        measured_utc,
        fuel_type,
        rob_t,
        partner_id,
        submission_id
    from source
)

select * from final
