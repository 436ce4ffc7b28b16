-- What a reader of everything published knows to be linear in the additive tables. Cells of one place to which every
-- holding adds the same are one variable, whatever KPI, method or release they belong to: who knows one knows all.
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

-- A relation says that its parts add up to its whole; a loose one, that the whole may also hold what is in no part.
create or replace temp table relation_terms as
with

-- Ships are counted anew in every period; what a contract covers may be longer than a month or a quarter.
longer as (
    select
        parts.* replace (
            case parts.period_grain when 'month' then 'quarter' else 'year' end as period_grain,
            case parts.period_grain
                when 'month' then date_trunc('quarter', parts.period_start)
                else date_trunc('year', parts.period_start)
            end as period_start
        ),
        definitions.family = 'cargo' as is_loose
    from cell_variables as parts
    inner join warehouse.seeds.kpi_definitions as definitions using (kpi_id)
    where definitions.family <> 'fleet' and parts.period_grain <> 'year'
),

of_periods as (
    select
        wholes.variable as whole_variable,
        longer.variable as part_variable,
        longer.is_loose,
        concat_ws(
            '/', 'periods', release_id, kpi_id, method_id, part, additive_table, period_grain, period_start,
            dimension_value
        ) as relation
    from longer
    inner join cell_variables as wholes using (
        release_id, kpi_id, method_id, part, additive_table, period_grain, period_start, dimension, dimension_value
    )
),

-- Ships also bunker elsewhere than in ports of the corridor.
of_dimensions as (
    select
        wholes.variable as whole_variable,
        parts.variable as part_variable,
        kpi_id = 'certified_bunkered_t' as is_loose,
        concat_ws(
            '/', parts.dimension, release_id, kpi_id, method_id, part, additive_table, period_grain, period_start
        ) as relation
    from cell_variables as parts
    inner join cell_variables as wholes using (
        release_id, kpi_id, method_id, part, additive_table, period_grain, period_start
    )
    where parts.dimension <> 'corridor' and wholes.dimension = 'corridor'
),

kpi_parts (whole_kpi_id, whole_table, part_kpi_id, part_table, ratings) as (
    values
    ('port_to_port_kg_per_teu', 'numerator', 'port_to_port_sailing_kg_per_teu', 'numerator', null),
    ('port_to_port_kg_per_teu', 'numerator', 'port_to_port_berth_kg_per_teu', 'numerator', null),
    ('cii_share_abc', 'numerator', 'cii_rating_share', 'numerator', ['A', 'B', 'C']),
    ('cii_share_abc', 'denominator', 'cii_rating_share', 'numerator', ['A', 'B', 'C', 'D', 'E']),
    ('cii_share_abc', 'denominator', 'cii_rating_share', 'denominator', ['A', 'B', 'C', 'D', 'E'])
),

of_kpis as (
    select
        wholes.variable as whole_variable,
        parts.variable as part_variable,
        false as is_loose,
        concat_ws(
            '/', 'kpis', whole_ids.release_id, whole_kpi_id, whole_table, wholes.method_id, wholes.period_grain,
            wholes.period_start, wholes.dimension_value,
            -- Each rating divides by all ships.
            case when part_table = 'denominator' then parts.dimension_value end
        ) as relation
    from kpi_parts
    -- Of one release, wherever its tables stand.
    inner join table_ids as whole_ids on kpi_parts.whole_kpi_id = whole_ids.kpi_id
    inner join table_ids as part_ids
        on
            kpi_parts.part_kpi_id = part_ids.kpi_id
            and whole_ids.release_id = part_ids.release_id
            and whole_ids.method_id = part_ids.method_id
    inner join cell_variables as wholes
        on
            whole_ids.stands_under = wholes.release_id
            and whole_ids.kpi_id = wholes.kpi_id
            and whole_ids.method_id = wholes.method_id
            and kpi_parts.whole_table = wholes.additive_table
    inner join cell_variables as parts
        on
            part_ids.stands_under = parts.release_id
            and part_ids.kpi_id = parts.kpi_id
            and part_ids.method_id = parts.method_id
            and kpi_parts.part_table = parts.additive_table
            and wholes.part = parts.part
            and wholes.period_grain = parts.period_grain
            and wholes.period_start = parts.period_start
            and (wholes.dimension_value = parts.dimension_value or list_contains(ratings, parts.dimension_value))
),

stated as (
    select * from of_periods
    union all
    select * from of_dimensions
    union all
    select * from of_kpis
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

-- What shows a variable: a cell with a figure. Cells that are shown or hidden together are one unit: those of a KPI at
-- one place by all methods, because the methods burn the same fuel and each tells what another hides; and the
-- terminal parts of a place, which give way to the hub default together.
create or replace temp table carriers as
select distinct
    cells.variable,
    concat_ws('/', kpi_id, period_grain, period_start, dimension, dimension_value) as unit,
    case
        when verdicts.has_default and cells.part = 'terminal'
            then concat_ws('/', 'default', period_grain, period_start, dimension, dimension_value)
    end as default_unit,
    period_grain,
    dimension,
    kpi_id
from cell_variables as cells
inner join cell_verdicts as verdicts
    using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
where cells.release_id = '' and verdicts.has_value;
