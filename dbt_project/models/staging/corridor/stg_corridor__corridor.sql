with

source as (
    select * from {{ source('corridor', 'corridor') }}
),

final as (
    select
        corridor_id,
        name,
        contact,
        sample as is_sample
    from source
)

select * from final
