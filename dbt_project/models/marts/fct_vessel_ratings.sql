with

ratings as (
    select * from {{ ref('int_cii_ratings') }}
),

final as (
    select
        imo_number,
        year,
        partner_id,
        dwt_t,
        co2_t,
        distance_nm,
        attained_g_per_dwt_nm,
        required_g_per_dwt_nm,
        ratio,
        rating,
        not_rated_because
    from ratings
)

select * from final
