with

grid as (
    select * from {{ ref('grid_factors') }}
    where method = 'location'
),

port_energy as (
    select * from {{ ref('port_energy') }}
),

years as (
    select distinct extract(year from arrival_utc) as year from {{ ref('int_current_voyage_legs') }}
    where arrival_utc is not null
    union
    select distinct extract(year from month) as year from {{ ref('int_current_terminal_energy') }}
),

candidates as (
    select
        port_energy.port_locode,
        years.year,
        grid.region,
        grid.year as factor_year,
        grid.kg_per_kwh,
        grid.gas_basis,
        grid.evidence,
        grid.source,
        years.year - grid.year as factor_lag_years,
        case when grid.region = port_energy.grid_region then 1 else 2 end as region_rank
    from port_energy
    cross join years
    inner join grid
        on
            (port_energy.grid_region = grid.region or port_energy.grid_region_fallback = grid.region)
            and years.year >= grid.year
    where grid.kg_per_kwh is not null
),

-- A factor of the year itself comes before any earlier one, then the region before its fallback.
ranked as (
    select
        *,
        row_number() over (
            partition by port_locode, year
            order by
                case when factor_lag_years = 0 then 0 else 1 end asc nulls last,
                region_rank asc nulls last,
                factor_year desc nulls last
        ) as preference
    from candidates
),

final as (
    select
        port_locode,
        year,
        region,
        factor_year,
        'grid:' || region || ':' || cast(factor_year as string) as factor_key,
        kg_per_kwh,
        gas_basis,
        evidence,
        cast(factor_lag_years as int) as factor_lag_years,
        source
    from ranked
    where preference = 1
)

select * from final
