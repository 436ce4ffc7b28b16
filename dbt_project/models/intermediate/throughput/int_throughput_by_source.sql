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

latest_figures as (
    select
        *,
        row_number() over (
            partition by source_id, port_locode, period_grain, period_start, measure
            order by vintage_at desc nulls last, page asc nulls last
        ) as page_choice
    from newest_pages
    where vintage_rank = 1 and teu is not null
),

-- A correction applies only while the source publishes the wrong figure.
corrected as (
    select
        latest_figures.source_id,
        kinds.kind as source_kind,
        latest_figures.port_locode,
        latest_figures.period_grain,
        latest_figures.period_start,
        latest_figures.measure,
        latest_figures.teu as source_teu,
        case when corrections.measure is null then latest_figures.teu else corrections.right_teu end as teu,
        corrections.measure is not null as is_corrected,
        latest_figures.page,
        latest_figures.precision,
        latest_figures.status,
        latest_figures.citation,
        latest_figures.vintage_at
    from latest_figures
    left join kinds
        on latest_figures.source_id = kinds.source_id
    left join corrections
        on
            kinds.kind = corrections.source_kind
            and latest_figures.port_locode = corrections.port_locode
            and latest_figures.period_grain = corrections.period_grain
            and latest_figures.period_start = corrections.period_start
            and latest_figures.measure = corrections.measure
            and latest_figures.teu = corrections.wrong_teu
    where latest_figures.page_choice = 1
),

-- A primary source of the measure comes first, then a primary source of the port, then any other.
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
