with

source as (
    select * from {{ ref('methods') }}
),

final as (
    select
        method_id,
        name,
        gwp_assessment,
        is_default,
        use as used_for
    from source
)

select * from final
