with

distances as (
    select * from {{ ref('sea_distances') }}
),

both_ways as (
    select
        from_locode,
        to_locode,
        sfd_nm,
        great_circle_nm,
        evidence
    from distances
    union all
    select
        to_locode as from_locode,
        from_locode as to_locode,
        sfd_nm,
        great_circle_nm,
        evidence
    from distances
),

final as (
    select
        from_locode,
        to_locode,
        sfd_nm,
        sfd_nm * {{ km_per_nm() }} as sfd_km,
        great_circle_nm,
        evidence
    from both_ways
)

select * from final
