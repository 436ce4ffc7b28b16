-- The tables of the attached `known`, the copy of what releases showed and who added to it; made_with says by what.
-- A table of contributions that an earlier release has alike is kept once, under the id of that one.
create table if not exists known.made_with (made_with varchar);

create table if not exists known.known_releases (release_id varchar);

create table if not exists known.contributed_tables (
    release_id varchar, kpi_id varchar, method_id varchar, content ubigint, kept_under varchar
);

create table if not exists known.contributed (
    release_id varchar, kpi_id varchar, method_id varchar, period_grain varchar, period_start date, dimension varchar,
    dimension_value varchar, part varchar, holding_id varchar, additive_table varchar, amount double
);

create table if not exists known.shown_before (
    release_id varchar, kpi_id varchar, method_id varchar, period_grain varchar, period_start date, dimension varchar,
    dimension_value varchar, takes_default boolean
);
