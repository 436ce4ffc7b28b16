with

observations as (
    select * from {{ ref('stg_throughput__observations') }}
),

-- The previous vintage may be on another page of the source, for example in a new copy of an archive.
vintages as (
    select
        *,
        lag(teu) over (
            partition by source_id, port_locode, period_grain, period_start, measure
            order by vintage_at nulls last, page nulls last, content_sha256 nulls last
        ) as previous_teu,
        lag(vintage_at) over (
            partition by source_id, port_locode, period_grain, period_start, measure
            order by vintage_at nulls last, page nulls last, content_sha256 nulls last
        ) as previous_vintage_at
    from observations
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
        previous_vintage_at,
        previous_teu,
        previous_teu is not null and (teu is null or teu != previous_teu) as is_revision,
        precision,
        status,
        citation,
        content_sha256
    from vintages
)

select * from final
