-- Amounts that the release before did not have, had otherwise, or had beside them; an amount that moved below the
-- ten published digits has not changed.
with

now as (
    select
        entity_type,
        entity_id,
        term,
        sum(amount) as amount
    from traced
    group by entity_type, entity_id, term
),

before as (
    select
        entity_type,
        entity_id,
        term,
        sum(amount) as amount
    from traced_before
    group by entity_type, entity_id, term
),

compared as (
    select
        coalesce(now.entity_type, before.entity_type) as entity_type,
        coalesce(now.entity_id, before.entity_id) as entity_id,
        coalesce(now.term, before.term) as term,
        case
            when before.amount is null then 'added'
            when now.amount is null then 'gone'
            else 'changed'
        end as change,
        before.amount as amount_before,
        now.amount as amount_now,
        coalesce(now.amount, 0) - coalesce(before.amount, 0) as difference
    from now
    full join before
        on now.entity_type = before.entity_type and now.entity_id = before.entity_id and now.term = before.term
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
