with

source as (
    select * from {{ source('accepted', 'fuel_consumption') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        imo_number,
        period_start_utc,
        period_end_utc,
        phase,
        consumer,
        fuel_type,
        bdn_number,
        mass_t,
        measurement,
        partner_id,
        submission_id
    from source
)

select * from final
