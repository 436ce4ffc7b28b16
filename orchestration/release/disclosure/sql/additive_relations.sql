-- Which cells add up to which (docs/method.md#disclosure), as linear relations among variables. Cells of one period and
-- part of the corridor with equal contributions of every holding are one variable, whatever their KPI, method or
-- release: whoever can derive one of them has all.
create or replace temp table cell_variables as
select
    *,
    dense_rank() over (
        order by
            period_grain, period_start, dimension, dimension_value,
            coalesce(fingerprint, concat_ws('/', 'nothing', kpi_id, method_id, part, additive_table))
    ) - 1 as variable
from additive_cells;

create or replace temp table variables as
select
    variable,
    any_value(period_grain) as period_grain,
    any_value(dimension) as dimension,
    any_value(total) as total,
    min(least) as least,
    max(protection) as protection
from cell_variables
group by variable;

-- One row per recipe and segment type: what the table sums. The recipes are in the seed kpi_terms.
create or replace temp table recipe_segments as
select
    kpi_id, term as additive_table, part, population, measure, needs, periods_add_up, parts_add_up,
    unnest(string_split(segments, ';')) as segment,
    len(string_split(segments, ';')) as n_segments
from warehouse.seeds.kpi_terms;

-- Tables of several segment types, each of which another table sums alone. A part whose segment is `own` sums that
-- segment in the cell of the same name.
create or replace temp table recipe_parts as
with

matched as (
    select
        wholes.kpi_id as whole_kpi_id,
        wholes.additive_table as whole_table,
        wholes.n_segments,
        wholes.part,
        parts.kpi_id as part_kpi_id,
        parts.additive_table as part_table,
        case when parts.segment = 'own' then wholes.segment end as part_dimension_value
    from recipe_segments as wholes
    inner join recipe_segments as parts
        on
            wholes.n_segments > 1
            and parts.n_segments = 1
            and wholes.part = parts.part
            and wholes.population = parts.population
            and wholes.measure = parts.measure
            and wholes.needs = parts.needs
            and parts.segment in (wholes.segment, 'own')
    qualify row_number() over (
        partition by wholes.kpi_id, wholes.additive_table, wholes.part, wholes.segment
        order by parts.kpi_id, parts.additive_table
    ) = 1
)

select * exclude (n_segments) from matched
qualify count(*) over (partition by whole_kpi_id, whole_table, part) = n_segments;

-- A relation states that its parts add up to its whole. In a loose one the whole may hold more than its parts.
create or replace temp table relation_terms as
with

recipes as (
    select distinct kpi_id, additive_table, part, periods_add_up, parts_add_up from recipe_segments
),

longer_periods as (
    select
        parts.* replace (
            case parts.period_grain when 'month' then 'quarter' else 'year' end as period_grain,
            case parts.period_grain
                when 'month' then date_trunc('quarter', parts.period_start)
                else date_trunc('year', parts.period_start)
            end as period_start
        ),
        recipes.periods_add_up = 'at_most' as is_loose
    from cell_variables as parts
    inner join recipes using (kpi_id, additive_table, part)
    where recipes.periods_add_up in ('exactly', 'at_most') and parts.period_grain <> 'year'
),

sums_of_periods as (
    select
        wholes.variable as whole_variable,
        longer_periods.variable as part_variable,
        longer_periods.is_loose,
        concat_ws(
            '/', 'periods', release_id, kpi_id, method_id, part, additive_table, period_grain, period_start,
            dimension_value
        ) as relation
    from longer_periods
    inner join cell_variables as wholes using (
        release_id, kpi_id, method_id, part, additive_table, period_grain, period_start, dimension, dimension_value
    )
),

sums_of_dimensions as (
    select
        wholes.variable as whole_variable,
        parts.variable as part_variable,
        recipes.parts_add_up = 'at_most' as is_loose,
        concat_ws(
            '/', parts.dimension, release_id, kpi_id, method_id, part, additive_table, period_grain, period_start
        ) as relation
    from cell_variables as parts
    inner join recipes using (kpi_id, additive_table, part)
    inner join cell_variables as wholes using (
        release_id, kpi_id, method_id, part, additive_table, period_grain, period_start
    )
    where
        recipes.parts_add_up in ('exactly', 'at_most')
        and parts.dimension <> 'corridor'
        and wholes.dimension = 'corridor'
),

sums_of_kpis as (
    select
        wholes.variable as whole_variable,
        parts.variable as part_variable,
        false as is_loose,
        concat_ws(
            '/', 'kpis', whole_ids.release_id, whole_kpi_id, whole_table, wholes.part, wholes.method_id,
            wholes.period_grain, wholes.period_start, wholes.dimension_value
        ) as relation
    from recipe_parts
    -- Whole and parts are of one release, under whatever id their tables are stored.
    inner join table_ids as whole_ids on recipe_parts.whole_kpi_id = whole_ids.kpi_id
    inner join table_ids as part_ids
        on
            recipe_parts.part_kpi_id = part_ids.kpi_id
            and whole_ids.release_id = part_ids.release_id
            and whole_ids.method_id = part_ids.method_id
    inner join cell_variables as wholes
        on
            whole_ids.stored_under = wholes.release_id
            and whole_ids.kpi_id = wholes.kpi_id
            and whole_ids.method_id = wholes.method_id
            and recipe_parts.whole_table = wholes.additive_table
            and recipe_parts.part = wholes.part
    inner join cell_variables as parts
        on
            part_ids.stored_under = parts.release_id
            and part_ids.kpi_id = parts.kpi_id
            and part_ids.method_id = parts.method_id
            and recipe_parts.part_table = parts.additive_table
            and wholes.part = parts.part
            and wholes.period_grain = parts.period_grain
            and wholes.period_start = parts.period_start
            and coalesce(recipe_parts.part_dimension_value, wholes.dimension_value) = parts.dimension_value
),

stated as (
    select * from sums_of_periods
    union all
    select * from sums_of_dimensions
    union all
    select * from sums_of_kpis
),

terms as (
    select relation, is_loose, whole_variable as variable, 1 as coefficient from stated
    union
    select relation, is_loose, part_variable as variable, -1 as coefficient from stated
),

-- Methods, KPIs and releases state many relations alike.
spelled as (
    select
        relation,
        is_loose,
        list(variable order by coefficient, variable) as variables,
        list(coefficient order by coefficient, variable) as coefficients
    from terms
    group by relation, is_loose
),

numbered as (
    select *, row_number() over (order by is_loose, variables, coefficients) - 1 as row
    from (select distinct * exclude (relation) from spelled)
)

select row, is_loose, unnest(variables) as variable, unnest(coefficients) as coefficient from numbered;

-- Which cells publish a variable. A group is published or suppressed together: the cells of a KPI by all methods, since
-- the methods convert the same fuel, so that each reveals what another suppresses; and the terminal parts of a period
-- and direction, which take the hub default together.
create or replace temp table publishing_groups as
select distinct
    cells.variable,
    concat_ws('/', kpi_id, period_grain, period_start, dimension, dimension_value) as cell_group,
    case
        when cell_suppression.has_default and cells.part = 'terminal'
            then concat_ws('/', 'default', period_grain, period_start, dimension, dimension_value)
    end as default_group,
    period_grain,
    dimension,
    kpi_id
from cell_variables as cells
inner join cell_suppression
    using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
where cells.release_id = '' and cell_suppression.has_value;
