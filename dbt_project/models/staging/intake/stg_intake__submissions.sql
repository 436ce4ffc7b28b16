with

source as (
    select * from {{ source('intake', 'submissions') }}
),

final as (
    select
        submission_id,
        partner_id,
        dataset,
        period,
        period_start,
        period_end,
        received_at,
        ordinal,
        verdict,
        rows_read,
        rows_accepted,
        rows_rejected,
        content_sha256
    from source
)

select * from final
