-- Submissions that contributed to cells; those that the previous release did not have come first.
-- Input: cells (the key of kpi_values) and previous_submissions (submission_id). Grain: one row per submission.
with

whole_cells as (
    select distinct
        facts.kpi_id, facts.method_id, facts.period_grain, facts.period_start, facts.period_end, facts.dimension,
        facts.dimension_value
    from warehouse.marts.fct_kpi as facts
    inner join cells
        using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
),

entities as (
    select distinct lineage.entity_type, lineage.entity_id
    from warehouse.marts.fct_kpi_lineage as lineage
    inner join whole_cells as cell
        on
            lineage.kpi_id = cell.kpi_id
            and lineage.method_id = cell.method_id
            and (cell.dimension = 'corridor' or lineage.dimension_value = cell.dimension_value)
            and lineage.period_start between cell.period_start and cell.period_end
            and (lineage.counts_in_longer_periods or lineage.period_grain = cell.period_grain)
)

select
    submissions.partner_id,
    submissions.dataset,
    submissions.period,
    submissions.submission_id,
    previous_submissions.submission_id is null as is_new
from entities
inner join warehouse.marts.fct_entity_sources as sources using (entity_type, entity_id)
inner join warehouse.marts.dim_submission as submissions
    on sources.source_type = 'submission' and sources.source_key = submissions.submission_id
left join previous_submissions on submissions.submission_id = previous_submissions.submission_id
group by all
order by is_new desc, count(*) desc, submissions.partner_id, submissions.dataset, submissions.period
