with

source as (
    select * from {{ source('corridor', 'partner_datasets') }}
),

final as (
    select
        partner_id,
        dataset,
        period_grain
    from source
)

select * from final
