with

comparisons as (
    select * from {{ ref('int_throughput_comparisons') }}
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
        teu,
        compared_teu,
        difference_teu,
        tolerance_teu,
        is_corrected,
        agrees
    from comparisons
)

select * from final
