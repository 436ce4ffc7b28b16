-- The numerator and denominator of the cell by kind of entity, with the measure and scale of the KPI's recipe.
with

recipes as (
    select
        kpi_id,
        term,
        part,
        min(measure) as measure,
        min(scale) as scale
    from warehouse.seeds.kpi_terms
    group by kpi_id, term, part
)

select
    lineage.term,
    lineage.entity_type,
    min(recipes.measure) as measure,
    min(recipes.scale) as scale,
    count(distinct lineage.entity_id) as entities,
    sum(lineage.amount) as amount,
    sum(lineage.amount) / nullif(sum(sum(lineage.amount)) over (partition by lineage.term), 0) as share
from lineage
left join recipes
    on lineage.kpi_id = recipes.kpi_id and lineage.term = recipes.term and lineage.part = recipes.part
group by lineage.term, lineage.entity_type
order by lineage.term desc, amount desc, lineage.entity_type
