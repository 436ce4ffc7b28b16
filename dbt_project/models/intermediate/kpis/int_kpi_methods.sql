with

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

methods as (
    select * from {{ ref('methods') }}
),

final as (
    select
        definitions.kpi_id,
        methods.method_id,
        definitions.kind,
        definitions.family,
        definitions.coverage_basis,
        definitions.dimensions,
        definitions.period_grains,
        definitions.unit,
        definitions.boundary,
        definitions.formula_version
    from definitions
    inner join methods
        on {{ semicolon_list_contains('definitions.method_ids', 'methods.method_id') }}
)

select * from final
