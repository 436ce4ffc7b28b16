with

by_source as (
    select
        *,
        {{ throughput_tolerance_teu('precision') }} as tolerance_teu,
        {{ rounded_to_teu('precision', 'source_teu') }} as rounding_teu
    from {{ ref('int_throughput_by_source') }}
),

-- Comparisons use the figures as published: a correction does not repair the source.
counting as (
    select * from by_source
    where source_rank = 1
),

sums as (
    select
        *,
        count(*) over (partition by whole_measure, sum_name) as pairs_needed
    from {{ ref('throughput_sums') }}
),

-- Each source is one set of figures; the set '' holds the figures that count, which may come from several sources.
figure_sets as (
    select
        *,
        source_id as figure_set
    from by_source
    union all
    select
        *,
        '' as figure_set
    from counting
),

totals_and_parts as (
    select
        'totals_are_sums_of_their_parts' as check_name,
        wholes.figure_set,
        wholes.port_locode,
        wholes.period_grain,
        wholes.period_start,
        wholes.measure,
        wholes.source_id,
        wholes.source_teu,
        sums.sum_name as compared_with,
        parts.source_id as compared_source_id,
        parts.measure as compared_measure,
        parts.period_start as compared_period_start,
        parts.source_teu as compared_teu,
        sums.pairs_needed,
        greatest(wholes.tolerance_teu, parts.tolerance_teu) as tolerance_teu,
        wholes.rounding_teu,
        parts.rounding_teu as compared_rounding_teu,
        wholes.is_corrected or parts.is_corrected as is_corrected
    from figure_sets as wholes
    inner join sums
        on wholes.measure = sums.whole_measure
    inner join figure_sets as parts
        on
            wholes.figure_set = parts.figure_set
            and wholes.port_locode = parts.port_locode
            and wholes.period_grain = parts.period_grain
            and wholes.period_start = parts.period_start
            and sums.part_measure = parts.measure
),

-- The months of a longer figure: twelve of a year, or January up to the named month of a year to date.
spans as (
    select
        *,
        cast(
            case period_grain
                when 'year_to_date' then {{ dbt.date_trunc('year', 'period_start') }}
                else period_start
            end as date
        ) as first_month,
        case period_grain when 'year_to_date' then extract(month from period_start) else 12 end as month_count
    from by_source
    where period_grain != 'month'
),

years_and_months as (
    select
        case spans.period_grain
            when 'calendar_year' then 'years_are_sums_of_their_months'
            when 'fiscal_year' then 'fiscal_years_are_sums_of_their_months'
            else 'years_to_date_are_sums_of_their_months'
        end as check_name,
        spans.source_id as figure_set,
        spans.port_locode,
        spans.period_grain,
        spans.period_start,
        spans.measure,
        spans.source_id,
        spans.source_teu,
        'the sum of its months' as compared_with,
        months.source_id as compared_source_id,
        months.measure as compared_measure,
        months.period_start as compared_period_start,
        months.source_teu as compared_teu,
        spans.month_count as pairs_needed,
        greatest(spans.tolerance_teu, months.tolerance_teu) as tolerance_teu,
        spans.rounding_teu,
        months.rounding_teu as compared_rounding_teu,
        spans.is_corrected or months.is_corrected as is_corrected
    from spans
    inner join counting as months
        on
            spans.port_locode = months.port_locode
            and spans.measure = months.measure
            and months.period_grain = 'month'
            and spans.first_month <= months.period_start
            and {{ dbt.dateadd('month', 'spans.month_count', 'spans.first_month') }} > months.period_start
),

other_sources as (
    select
        'sources_agree' as check_name,
        others.source_id as figure_set,
        others.port_locode,
        others.period_grain,
        others.period_start,
        others.measure,
        others.source_id,
        others.source_teu,
        'the figure of ' || counting.source_id as compared_with,
        counting.source_id as compared_source_id,
        counting.measure as compared_measure,
        counting.period_start as compared_period_start,
        counting.source_teu as compared_teu,
        1 as pairs_needed,
        greatest(others.tolerance_teu, counting.tolerance_teu) as tolerance_teu,
        others.rounding_teu,
        counting.rounding_teu as compared_rounding_teu,
        others.is_corrected or counting.is_corrected as is_corrected
    from by_source as others
    inner join counting
        on
            others.port_locode = counting.port_locode
            and others.period_grain = counting.period_grain
            and others.period_start = counting.period_start
            and others.measure = counting.measure
    where others.source_rank > 1
),

final as (
    select * from totals_and_parts
    union all
    select * from years_and_months
    union all
    select * from other_sources
)

select * from final
