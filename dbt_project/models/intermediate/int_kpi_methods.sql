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
        definitions.family,
        definitions.dimensions,
        definitions.unit,
        definitions.boundary,
        definitions.formula_version
    from definitions
    inner join methods
        on ';' || definitions.method_ids || ';' like '%;' || methods.method_id || ';%'
)

select * from final
