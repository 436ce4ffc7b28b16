-- Amounts that only one of the releases has, or that differ. Differences below the ten published digits are left out.
with

current_amounts as (
    select
        entity_type,
        entity_id,
        term,
        sum(amount) as amount
    from lineage
    group by entity_type, entity_id, term
),

previous_amounts as (
    select
        entity_type,
        entity_id,
        term,
        sum(amount) as amount
    from previous_lineage
    group by entity_type, entity_id, term
),

compared as (
    select
        coalesce(current_amounts.entity_type, previous_amounts.entity_type) as entity_type,
        coalesce(current_amounts.entity_id, previous_amounts.entity_id) as entity_id,
        coalesce(current_amounts.term, previous_amounts.term) as term,
        case
            when previous_amounts.amount is null then 'added'
            when current_amounts.amount is null then 'gone'
            else 'changed'
        end as change,
        previous_amounts.amount as amount_before,
        current_amounts.amount as amount_now,
        coalesce(current_amounts.amount, 0) - coalesce(previous_amounts.amount, 0) as difference
    from current_amounts
    full join previous_amounts
        on
            current_amounts.entity_type = previous_amounts.entity_type
            and current_amounts.entity_id = previous_amounts.entity_id
            and current_amounts.term = previous_amounts.term
)

select
    term,
    entity_type,
    change,
    count(*) as entities,
    sum(difference) as difference
from compared
where change != 'changed' or abs(difference) > 1e-10 * abs(amount_before)
group by term, entity_type, change
order by term desc, entity_type, change
