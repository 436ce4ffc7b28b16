select
    term,
    entity_type,
    count(distinct entity_id) as entities,
    sum(amount) as amount,
    sum(amount) / nullif(sum(sum(amount)) over (partition by term), 0) as share
from traced
group by term, entity_type
order by term desc, amount desc, entity_type
