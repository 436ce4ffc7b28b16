-- The ten largest contributions to the numerator.
with

amounts as (
    select
        entity_type,
        entity_id,
        any_value(holding_id) as holding_id,
        sum(amount) filter (where term = 'numerator') as numerator,
        sum(amount) filter (where term = 'denominator') as denominator
    from lineage
    group by entity_type, entity_id
),

legs as (
    select
        'leg' as entity_type,
        leg_id as entity_id,
        imo_number || ' ' || from_locode || '-' || to_locode || ' ' || cast(cast(arrival_utc as date) as varchar) as what
    from warehouse.marts.fct_voyage_legs
),

stays as (
    select
        'stay' as entity_type,
        stay_id as entity_id,
        imo_number || ' at ' || port_locode || ' ' || cast(cast(arrival_utc as date) as varchar) as what
    from warehouse.marts.fct_stays
),

visits as (
    select
        'visit' as entity_type,
        visit_id as entity_id,
        imo_number || ' at ' || terminal_code || ' ' || cast(cast(tied_utc as date) as varchar) as what
    from warehouse.marts.fct_port_calls
),

voyages as (
    select
        'voyage' as entity_type,
        voyage_id as entity_id,
        imo_number || ' ' || direction || ' ' || cast(cast(delivered_utc as date) as varchar) as what
    from warehouse.marts.fct_voyages
),

described as (
    select * from legs
    union all
    select * from stays
    union all
    select * from visits
    union all
    select * from voyages
)

select
    amounts.entity_type,
    amounts.entity_id,
    coalesce(described.what, amounts.entity_id) as what,
    amounts.holding_id,
    amounts.numerator,
    amounts.denominator,
    amounts.numerator / nullif(sum(amounts.numerator) over (), 0) as share
from amounts
left join described
    on amounts.entity_type = described.entity_type and amounts.entity_id = described.entity_id
where amounts.numerator is not null
order by abs(amounts.numerator) desc, amounts.entity_id
limit 10
