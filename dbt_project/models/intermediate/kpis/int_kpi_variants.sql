with

definitions as (
    select * from {{ ref('int_kpi_methods') }}
),

final as (
    select
        kpi_id,
        method_id,
        'measured' as variant,
        dimensions,
        period_grains
    from definitions
    union all
    select
        kpi_id,
        method_id,
        'terminal_default' as variant,
        dimensions,
        period_grains
    from definitions
    where kpi_id in ('port_to_port_kg_per_teu', 'port_to_port_terminals_kg_per_teu')
)

select * from final
