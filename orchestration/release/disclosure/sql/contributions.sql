-- What each holding contributes to the numerators and denominators of all KPIs (docs/method.md#disclosure): in
-- `contributions` the candidate's, under release_id ''. Numerators of intensities are converted to t, so that equal
-- amounts of different KPIs are recognised. `contribution_tables` has a digest of each KPI and method: of tables that
-- are equal in several releases only one is stored.
create or replace temp macro contributions_in(contributions) as table
with

summed as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value, part, holding_id,
        sum(numerator) / any_value(case
            when definitions.unit like 'g/%' then 1e6 when definitions.unit like 'kg/%' then 1e3 else 1
        end) as numerator,
        sum(denominator) as denominator
    from query_table(contributions)
    left join warehouse.seeds.kpi_definitions as definitions using (kpi_id)
    where variant = 'measured' and coalesce(definitions.disclosure, 'controlled') = 'controlled'
    group by all
)

select * rename (name as additive_table, value as amount) from (unpivot summed on numerator, denominator);

create or replace temp macro content_of(contributions) as table
select
    kpi_id, method_id,
    bit_xor(hash(
        period_grain, period_start, dimension_value, part, holding_id, additive_table, printf('%.9e', amount)
    )) as content
from query_table(contributions)
group by all;

create or replace temp table contributions as
select '' as release_id, * from contributions_in('warehouse.marts.fct_kpi_contributions');

create or replace temp table contribution_tables as select '' as release_id, * from content_of('contributions');
