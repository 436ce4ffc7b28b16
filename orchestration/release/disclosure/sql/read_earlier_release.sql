-- Copies one earlier release into `store`. `earlier` is its internal file, `earlier_kpis` its public one, and the
-- variable release_id its id.
create or replace temp table earlier_contributions as from contributions_in('earlier.marts.fct_kpi_contributions');

create or replace temp table earlier_tables as
select
    getvariable('release_id') as release_id,
    tables_read.*,
    coalesce(min(stored_tables.stored_under), getvariable('release_id')) as stored_under
from content_of('earlier_contributions') as tables_read
left join store.contribution_tables as stored_tables using (kpi_id, method_id, content)
group by all;

begin;

insert into store.contributions by name
select earlier_contributions.*, release_id
from earlier_contributions
inner join earlier_tables using (kpi_id, method_id)
where stored_under = release_id;

insert into store.contribution_tables by name from earlier_tables;

insert into store.published_cells by name
select
    stored_under as release_id, kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
    status = 'terminal_default' as takes_default
from earlier_kpis.kpi.kpi_values
inner join earlier_tables using (kpi_id, method_id)
where value is not null
except
from store.published_cells;

insert into store.releases values (getvariable('release_id'));

commit;
