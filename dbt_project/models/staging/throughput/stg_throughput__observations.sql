with

source as (
    select * from {{ source('throughput', 'observations') }}
),

final as (
    select
        source_id,
        page,
        port_locode,
        period_grain,
        period_start,
        measure,
        teu,
        precision,
        status,
        citation,
        vintage_at,
        content_sha256
    from source
    where cast(vintage_at as date) <= (select run.as_of from {{ source('corridor', 'run') }} as run)
)

select * from final
