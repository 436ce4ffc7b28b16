-- Takes a release published before into `known`: `earlier` is its internal file, `earlier_kpis` its public one, and the
-- variable release_id its id.
create or replace temp table contributed_then as from contributions_in('earlier.marts.fct_kpi_contributions');

create or replace temp table tables_then as
select
    getvariable('release_id') as release_id,
    its_tables.*,
    coalesce(min(known_tables.kept_under), getvariable('release_id')) as kept_under
from content_of('contributed_then') as its_tables
left join known.contributed_tables as known_tables using (kpi_id, method_id, content)
group by all;

begin;

insert into known.contributed by name
select contributed_then.*, release_id
from contributed_then
inner join tables_then using (kpi_id, method_id)
where kept_under = release_id;

insert into known.contributed_tables by name from tables_then;

insert into known.shown_before by name
select
    kept_under as release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
    status = 'terminal_default' as takes_default
from earlier_kpis.kpi.kpi_values
inner join tables_then using (kpi_id, method_id)
where value is not null
except
from known.shown_before;

insert into known.known_releases values (getvariable('release_id'));

commit;
