with

pairs as (
    select * from {{ ref('int_throughput_pairs') }}
),

corrections as (
    select * from {{ ref('int_throughput_corrections') }}
),

-- A comparison is complete if none of the figures to be summed is missing.
summed as (
    select
        check_name,
        figure_set,
        port_locode,
        period_grain,
        period_start,
        measure,
        source_id,
        compared_with,
        {{ distinct_values_as_text('compared_source_id') }} as compared_source_ids,
        source_teu as teu,
        sum(compared_teu) as compared_teu,
        max(tolerance_teu) + max(rounding_teu) + sum(compared_rounding_teu) as tolerance_teu,
        {{ dbt.bool_or('is_corrected') }} as is_corrected
    from pairs
    group by
        check_name, figure_set, port_locode, period_grain, period_start, measure, source_id, compared_with,
        source_teu, pairs_needed
    having count(*) = pairs_needed
),

-- A sum within one source is already compared in the set of that source.
compared as (
    select * from summed
    where figure_set != '' or compared_source_ids != source_id
    union all
    select
        'corrections_find_what_they_correct' as check_name,
        source_id as figure_set,
        port_locode,
        period_grain,
        period_start,
        measure,
        source_id,
        'the wrong figure of the correction' as compared_with,
        source_id as compared_source_ids,
        source_teu as teu,
        wrong_teu as compared_teu,
        0 as tolerance_teu,
        is_corrected
    from corrections
),

final as (
    select
        check_name,
        source_id,
        port_locode,
        period_grain,
        period_start,
        measure,
        compared_with,
        compared_source_ids,
        cast(teu as decimal(18, 2)) as teu,
        cast(compared_teu as decimal(18, 2)) as compared_teu,
        cast(teu - compared_teu as decimal(18, 2)) as difference_teu,
        cast(tolerance_teu as decimal(18, 2)) as tolerance_teu,
        is_corrected,
        coalesce(abs(teu - compared_teu) <= tolerance_teu, false) as agrees
    from compared
)

select * from final
