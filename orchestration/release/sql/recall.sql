-- Adds what is `known` of releases published before. A table that the candidate has alike is the candidate's.
create or replace temp table tables_then as
select
    known_tables.*,
    coalesce(contributed_tables.release_id, known_tables.release_id) as kept_under
from known.contributed_tables as known_tables
left join contributed_tables using (kpi_id, method_id, content);

insert into contributed by name
select amounts.*
from known.contributed as amounts
inner join tables_then using (release_id, kpi_id, method_id)
where kept_under <> '';

create or replace temp table shown_before as
select cells.* replace (tables_then.kept_under as release_id)
from known.shown_before as cells
inner join tables_then using (release_id, kpi_id, method_id);
