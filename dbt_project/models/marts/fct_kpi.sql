with

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

corridor as (
    select * from {{ ref('stg_corridor__corridor') }}
),

sums as (
    select * from {{ ref('int_kpi_sums') }}
),

trust as (
    select * from {{ ref('int_kpi_trust') }}
),

energy_without_factor as (
    select * from {{ ref('int_energy_without_factor') }}
),

coverage_ship as (
    select * from {{ ref('int_coverage_ship') }}
),

coverage_terminal as (
    select * from {{ ref('int_coverage_terminal') }}
),

coverage_fleet as (
    select * from {{ ref('int_coverage_fleet') }}
),

throughput as (
    select * from {{ ref('int_kpi_throughput') }}
),

grid as (
    select
        cells.*,
        corridor.corridor_id,
        definitions.unit,
        definitions.kind,
        definitions.boundary,
        definitions.coverage_basis,
        definitions.formula_version
    from cells
    cross join corridor
    inner join definitions
        on cells.kpi_id = definitions.kpi_id
),

valued as (
    select
        grid.*,
        sums.numerator,
        sums.denominator,
        case grid.kind
            when 'total' then sums.numerator
            when 'ratio' then sums.numerator / nullif(sums.denominator, 0)
        end as value,
        sums.n_contributors,
        trust.relative_standard_error,
        trust.primary_data_share,
        trust.factor_evidence,
        trust.factor_lag_years,
        energy_without_factor.energy_without_factor_share,
        case grid.coverage_basis
            when 'arrivals' then coverage_ship.coverage
            when 'terminal_months' then coverage_terminal.coverage
            when 'vessel_years' then coverage_fleet.coverage
        end as coverage
    from grid
    left join sums
        on grid.cell_id = sums.cell_id
    left join trust
        on grid.cell_id = trust.cell_id
    left join energy_without_factor
        on grid.cell_id = energy_without_factor.cell_id
    left join coverage_ship
        on
            grid.period_grain = coverage_ship.period_grain
            and grid.period_start = coverage_ship.period_start
            and grid.method_id = coverage_ship.method_id
    left join coverage_terminal
        on
            grid.kpi_id = coverage_terminal.kpi_id
            and grid.period_grain = coverage_terminal.period_grain
            and grid.period_start = coverage_terminal.period_start
            and grid.dimension = coverage_terminal.dimension
            and grid.dimension_value = coverage_terminal.dimension_value
    left join coverage_fleet
        on grid.period_grain = coverage_fleet.period_grain and grid.period_start = coverage_fleet.period_start
),

judged as (
    select
        *,
        case
            when energy_without_factor_share > {{ max_energy_without_factor() }} then 'not_computable'
            when value is not null then 'published'
            when numerator is not null or denominator is not null then 'not_computable'
            else 'no_data'
        end as status
    from valued
),

computed as (
    select
        kpi_id,
        method_id,
        corridor_id,
        variant,
        period_grain,
        period_start,
        period_end,
        dimension,
        dimension_value,
        numerator,
        denominator,
        case when status = 'published' then value end as value,
        unit,
        case
            when status = 'published' then value - {{ z_95() }} * relative_standard_error * abs(value)
        end as lower,
        case
            when status = 'published' then value + {{ z_95() }} * relative_standard_error * abs(value)
        end as upper,
        coverage,
        primary_data_share,
        energy_without_factor_share,
        factor_evidence,
        factor_lag_years,
        boundary,
        coalesce(n_contributors, 0) as n_contributors,
        status,
        formula_version
    from judged
),

published_by_ports as (
    select
        definitions.kpi_id,
        'none' as method_id,
        corridor.corridor_id,
        'measured' as variant,
        throughput.period_grain,
        throughput.period_start,
        throughput.period_end,
        'port' as dimension,
        throughput.port_locode as dimension_value,
        throughput.teu as numerator,
        cast(null as double) as denominator,
        throughput.teu as value,
        definitions.unit,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as double) as coverage,
        cast(null as double) as primary_data_share,
        cast(null as double) as energy_without_factor_share,
        cast(null as string) as factor_evidence,
        cast(null as int) as factor_lag_years,
        definitions.boundary,
        cast(0 as bigint) as n_contributors,
        case when throughput.teu is null then 'no_data' else 'published' end as status,
        definitions.formula_version
    from throughput
    cross join corridor
    inner join definitions
        on definitions.kpi_id = 'port_throughput_teu'
),

final as (
    select * from computed
    union all
    select * from published_by_ports
)

select * from final
