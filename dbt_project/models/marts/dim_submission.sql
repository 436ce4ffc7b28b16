with

submissions as (
    select * from {{ ref('int_submissions') }}
),

final as (
    select
        submission_id,
        partner_id,
        dataset,
        period,
        received_at,
        verdict,
        rows_read,
        rows_accepted,
        rows_rejected,
        content_sha256,
        is_current
    from submissions
)

select * from final
