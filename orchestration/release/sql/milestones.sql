-- docs/method.md#progress, from disclosed figures alone: whether a dated promise was kept. An unpublished year may have kept it.
insert into kpi.kpi_milestones by name
with

milestones as (
    select * from read_parquet($milestones)
),

run as (
    select year(as_of) as year_now from read_parquet($run)
),

years as (
    select
        figures.kpi_id,
        year(figures.period_start) as year,
        figures.value
    from kpi.kpi_values as figures
    inner join kpi.kpi_definitions as definitions using (kpi_id)
    where
        figures.dimension = 'corridor'
        and figures.period_grain = 'year'
        and figures.method_id = split_part(definitions.method_ids, ';', 1)
),

measured as (
    select
        milestones.name as milestone,
        min(years.year) filter (where years.value >= milestones.at_least) as reached_in,
        arg_min(years.value, years.year) filter (where years.value >= milestones.at_least) as value_reached,
        arg_max(years.value, years.year) filter (where years.value is not null) as newest_value,
        count(years.year) filter (where years.year <= milestones.due_year) as years_until_due,
        count(years.value) filter (where years.year <= milestones.due_year) as known_until_due
    from milestones
    left join years on milestones.kpi_id = years.kpi_id
    group by milestones.name
)

select
    $corridor_id as corridor_id,
    milestones.name as milestone,
    milestones.due_year,
    milestones.kpi_id,
    milestones.at_least,
    definitions.unit,
    measured.reached_in,
    coalesce(measured.value_reached, measured.newest_value) as value,
    case
        when measured.reached_in <= milestones.due_year then 'reached'
        when run.year_now <= milestones.due_year then 'pending'
        when measured.known_until_due < greatest(measured.years_until_due, 1) then 'unknown'
        when measured.reached_in is not null then 'reached_late'
        else 'not_reached'
    end as status,
    milestones.authority,
    milestones.source
from milestones
cross join run
inner join measured on milestones.name = measured.milestone
left join kpi.kpi_definitions as definitions using (kpi_id)
order by milestones.due_year, milestones.name;
