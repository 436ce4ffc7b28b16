with

source as (
    select * from {{ ref('fuel_types') }}
),

final as (
    select
        fuel_type,
        name,
        family,
        is_biogenic,
        imo_cf_code
    from source
)

select * from final
