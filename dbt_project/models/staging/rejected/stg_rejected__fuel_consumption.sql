with

source as (
    select * from {{ source('rejected', 'fuel_consumption') }}
),

final as (
    select
        submission_id,
        row_number,
        rule,
        severity,
        imo_number,
        period_start_utc,
        period_end_utc
    from source
)

select * from final
