-- Every change in reading order, with its causes in their order and the part of each.
with

causes as (
    select
        kpi_id, method_id, period_grain, period_start, dimension, dimension_value,
        list(cause order by list_position($order, cause)) as causes,
        list(part order by list_position($order, cause)) as parts
    from attributed
    group by all
),

definitions as (
    select
        kpi_id,
        name,
        display_order,
        split_part(method_ids, ';', 1) as method_id,
        split_part(dimensions, ';', 1) as dimension
    from kpi.kpi_definitions
)

select
    changes.kpi_id,
    coalesce(definitions.name, changes.kpi_id) as name,
    changes.method_id,
    changes.dimension,
    changes.dimension_value,
    changes.period_grain,
    cast(changes.period_start as varchar) as period_start,
    case changes.period_grain
        when 'year' then strftime(changes.period_start, '%Y')
        when 'quarter' then strftime(changes.period_start, '%Y-Q') || quarter(changes.period_start)
        else strftime(changes.period_start, '%Y-%m')
    end as period,
    changes.change,
    changes.old_status,
    changes.new_status,
    changes.old_value,
    changes.new_value,
    changes.difference,
    changes.unit,
    causes.causes,
    causes.parts,
    changes.period_grain = 'year'
    and coalesce(changes.method_id = definitions.method_id and changes.dimension = definitions.dimension, false)
        as is_headline
from kpi.release_changes as changes
inner join causes using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
left join definitions on changes.kpi_id = definitions.kpi_id
order by
    is_headline desc, definitions.display_order, changes.kpi_id, changes.method_id,
    list_position(['year', 'quarter', 'month'], changes.period_grain), changes.period_start, changes.dimension,
    changes.dimension_value
