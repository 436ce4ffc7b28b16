-- Adds the contributions of earlier releases to `contributions`, and makes `published_before`, the cells that they
-- published. A contribution table that the candidate has as well is stored under the candidate's id; table_ids gives
-- for each release the id under which each of its tables is stored.
create or replace temp table earlier_tables as
select
    stored.* exclude (stored_under),
    coalesce(contribution_tables.release_id, stored.stored_under) as stored_under
from store.contribution_tables as stored
left join contribution_tables using (kpi_id, method_id, content);

create or replace temp table table_ids as
select release_id, kpi_id, method_id, stored_under from earlier_tables
union all
select release_id, kpi_id, method_id, release_id as stored_under from contribution_tables;

insert into contributions by name
select amounts.*
from store.contributions as amounts
inner join earlier_tables using (release_id, kpi_id, method_id)
where earlier_tables.stored_under = release_id;

create or replace temp table published_before as
select cells.* replace (earlier_tables.stored_under as release_id)
from store.published_cells as cells
inner join earlier_tables using (release_id, kpi_id, method_id);
