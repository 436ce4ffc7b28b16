-- The same of a release published before: `earlier` is its internal file, `earlier_kpis` its public one, and the
-- variable release_id its id.
create or replace temp table contributed_then as from contributions_in('earlier.marts.fct_kpi_contributions');

create or replace temp table tables_then as
select
    its_tables.*,
    coalesce(min(contributed_tables.release_id), getvariable('release_id')) as release_id
from content_of('contributed_then') as its_tables
left join contributed_tables using (kpi_id, method_id, content)
group by all;

insert into contributed by name
select contributed_then.*, release_id
from contributed_then
inner join tables_then using (kpi_id, method_id)
where release_id = getvariable('release_id');

insert into contributed_tables by name from tables_then where release_id = getvariable('release_id');

insert into shown_before by name
select
    release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
    status = 'terminal_default' as takes_default
from earlier_kpis.kpi.kpi_values
inner join tables_then using (kpi_id, method_id)
where value is not null;
