with

observations as (
    select * from {{ ref('stg_throughput__observations') }}
),

sources as (
    select * from {{ ref('stg_corridor__sources') }}
),

newest_pages as (
    select
        *,
        rank() over (partition by source_id, page order by vintage_at desc, content_sha256 asc) as vintage_rank
    from observations
),

known as (
    select * from newest_pages
    where vintage_rank = 1 and teu is not null
),

-- A source named for the very measure comes before one named for the port, and that before any other.
preferred as (
    select
        known.*,
        min(
            case sources.primary_for
                when known.port_locode || '/' || known.measure then 1
                when known.port_locode then 2
                else 3
            end
        ) as preference
    from known
    left join sources
        on known.source_id = sources.source_id
    group by all
),

ranked as (
    select
        *,
        row_number() over (
            partition by port_locode, period_grain, period_start, measure
            order by preference asc, vintage_at desc, source_id asc, page asc
        ) as choice
    from preferred
),

final as (
    select
        port_locode,
        period_grain,
        period_start,
        measure,
        teu,
        source_id,
        page,
        precision,
        status,
        citation,
        vintage_at
    from ranked
    where choice = 1
)

select * from final
