with

observations as (
    select * from {{ ref('stg_throughput__observations') }}
),

sources as (
    select * from {{ ref('stg_corridor__sources') }}
),

corrections as (
    select * from {{ ref('throughput_corrections') }}
),

kinds as (
    select distinct
        source_id,
        kind
    from sources
),

newest_pages as (
    select
        *,
        rank() over (
            partition by source_id, page
            order by vintage_at desc nulls last, content_sha256 asc nulls last
        ) as vintage_rank
    from observations
),

known as (
    select
        *,
        row_number() over (
            partition by source_id, port_locode, period_grain, period_start, measure
            order by vintage_at desc nulls last, page asc nulls last
        ) as page_choice
    from newest_pages
    where vintage_rank = 1 and teu is not null
),

-- A correction counts only while the source says what it corrects.
corrected as (
    select
        known.source_id,
        kinds.kind as source_kind,
        known.port_locode,
        known.period_grain,
        known.period_start,
        known.measure,
        known.teu as source_teu,
        case when corrections.measure is null then known.teu else corrections.right_teu end as teu,
        corrections.measure is not null as is_corrected,
        known.page,
        known.precision,
        known.status,
        known.citation,
        known.vintage_at
    from known
    left join kinds
        on known.source_id = kinds.source_id
    left join corrections
        on
            kinds.kind = corrections.source_kind
            and known.port_locode = corrections.port_locode
            and known.period_grain = corrections.period_grain
            and known.period_start = corrections.period_start
            and known.measure = corrections.measure
            and known.teu = corrections.wrong_teu
    where known.page_choice = 1
),

-- A source named for the very measure comes before one named for the port, and that before any other.
preferred as (
    select
        corrected.source_id,
        corrected.port_locode,
        corrected.period_grain,
        corrected.period_start,
        corrected.measure,
        min(
            case sources.primary_for
                when corrected.port_locode || '/' || corrected.measure then 1
                when corrected.port_locode then 2
                else 3
            end
        ) as preference
    from corrected
    left join sources
        on corrected.source_id = sources.source_id
    group by
        corrected.source_id, corrected.port_locode, corrected.period_grain, corrected.period_start, corrected.measure
),

final as (
    select
        corrected.*,
        row_number() over (
            partition by corrected.port_locode, corrected.period_grain, corrected.period_start, corrected.measure
            order by
                preferred.preference asc nulls last,
                corrected.vintage_at desc nulls last,
                corrected.source_id asc nulls last
        ) as source_rank
    from corrected
    inner join preferred
        on
            corrected.source_id = preferred.source_id
            and corrected.port_locode = preferred.port_locode
            and corrected.period_grain = preferred.period_grain
            and corrected.period_start = preferred.period_start
            and corrected.measure = preferred.measure
)

select * from final
