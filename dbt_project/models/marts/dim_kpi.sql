with

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

formulas as (
    select * from {{ ref('int_kpi_formulas') }}
),

final as (
    select
        definitions.kpi_id,
        definitions.name,
        definitions.meaning,
        formulas.formula,
        definitions.unit,
        definitions.kind,
        definitions.better,
        definitions.boundary,
        definitions.method_ids,
        definitions.dimensions,
        definitions.period_grains,
        definitions.family,
        definitions.coverage_basis,
        definitions.disclosure,
        definitions.formula_version,
        definitions.authority,
        definitions.status,
        definitions.display_order
    from definitions
    left join formulas
        on definitions.kpi_id = formulas.kpi_id
)

select * from final
