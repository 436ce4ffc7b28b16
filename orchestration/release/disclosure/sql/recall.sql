-- Adds what is `known` of releases published before. A table that the candidate has alike is the candidate's: table_ids
-- says under which id each table of each release stands.
create or replace temp table tables_then as
select
    known_tables.*,
    coalesce(contributed_tables.release_id, known_tables.kept_under) as stands_under
from known.contributed_tables as known_tables
left join contributed_tables using (kpi_id, method_id, content);

create or replace temp table table_ids as
select release_id, kpi_id, method_id, stands_under from tables_then
union all
select release_id, kpi_id, method_id, release_id as stands_under from contributed_tables;

insert into contributed by name
select amounts.*
from known.contributed as amounts
inner join tables_then using (release_id, kpi_id, method_id)
where stands_under = release_id;

create or replace temp table shown_before as
select cells.* replace (tables_then.stands_under as release_id)
from known.shown_before as cells
inner join tables_then using (release_id, kpi_id, method_id);
