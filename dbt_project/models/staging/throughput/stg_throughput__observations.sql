with

source as (
    select * from {{ source('throughput', 'observations') }}
),

run as (
    select * from {{ source('corridor', 'run') }}
),

final as (
    select
        source.source_id,
        source.page,
        source.port_locode,
        source.period_grain,
        source.period_start,
        source.measure,
        source.teu,
        source.precision,
        source.status,
        source.citation,
        source.vintage_at,
        source.content_sha256
    from source
    cross join run
    where cast(source.vintage_at as date) <= run.as_of
)

select * from final
