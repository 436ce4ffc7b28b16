with

observations as (
    select * from {{ ref('stg_throughput__observations') }}
),

final as (
    select
        port_locode,
        period_grain,
        period_start,
        measure,
        source_id,
        page,
        vintage_at,
        teu,
        precision,
        status,
        citation,
        content_sha256
    from observations
)

select * from final
