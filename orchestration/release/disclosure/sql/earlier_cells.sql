-- The tables of the attached database `store`: what earlier releases published, and who contributed to it.
-- made_with is a digest of the code that wrote them. Of contribution tables that are equal in several releases only
-- one is stored, under the release id `stored_under`.
create table if not exists store.version (made_with varchar);

create table if not exists store.releases (release_id varchar);

create table if not exists store.contribution_tables (
    release_id varchar, kpi_id varchar, method_id varchar, content ubigint, stored_under varchar
);

create table if not exists store.contributions (
    release_id varchar, kpi_id varchar, method_id varchar, period_grain varchar, period_start date, dimension varchar,
    dimension_value varchar, part varchar, holding_id varchar, additive_table varchar, amount double
);

create table if not exists store.published_cells (
    release_id varchar, kpi_id varchar, method_id varchar, period_grain varchar, period_start date, dimension varchar,
    dimension_value varchar, takes_default boolean
);
