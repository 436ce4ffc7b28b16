with

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
    where factors != 'none'
),

voyages as (
    select * from {{ ref('int_voyages') }}
    where is_in_scope
),

voyage_segments as (
    select * from {{ ref('int_voyage_segments') }}
),

operated_legs as (
    select * from {{ ref('int_operated_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
    where is_in_scope and side is not null
),

visits as (
    select * from {{ ref('int_visits') }}
),

amounts as (
    select distinct
        amount_id,
        method_id,
        population,
        measure,
        needs,
        segments,
        case factors when 'imo_cf' then 'imo_cf' else method_id end as factors
    from recipes
),

of_voyages as (
    select
        amounts.amount_id,
        amounts.method_id,
        amounts.factors,
        voyages.delivered_date as event_date,
        voyages.direction as dimension_value,
        voyage_segments.segment_type,
        voyage_segments.segment_id,
        case amounts.measure
            when 'laden_wtw_t' then voyage_segments.laden_share
            else voyage_segments.share
        end as weight
    from voyages
    inner join voyage_segments
        on voyages.voyage_id = voyage_segments.voyage_id
    inner join amounts
        on
            amounts.population = 'voyage'
            and {{ semicolon_list_contains('amounts.segments', 'voyage_segments.segment_type') }}
),

-- The stay after a leg has the leg's own id.
of_operated_legs as (
    {% for segment_type in ['leg', 'stay'] %}
        select
            amounts.amount_id,
            amounts.method_id,
            amounts.factors,
            operated_legs.event_date,
            'none' as dimension_value,
            '{{ segment_type }}' as segment_type,
            operated_legs.leg_id as segment_id,
            cast(1 as double) as weight
        from operated_legs
        inner join amounts
            on
                amounts.population = 'operated'
                and operated_legs.needs = amounts.needs
                and {{ semicolon_list_contains('amounts.segments', "'" ~ segment_type ~ "'") }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

stays_with_a_visit as (
    select distinct
        stays.stay_id,
        stays.arrival_date,
        stays.port_locode
    from stays
    inner join visits
        on stays.stay_id = visits.stay_id
),

of_calls as (
    select
        amounts.amount_id,
        amounts.method_id,
        amounts.factors,
        stays_with_a_visit.arrival_date as event_date,
        stays_with_a_visit.port_locode as dimension_value,
        'stay' as segment_type,
        stays_with_a_visit.stay_id as segment_id,
        cast(1 as double) as weight
    from stays_with_a_visit
    inner join amounts
        on amounts.population = 'call'
),

weighted as (
    select * from of_voyages
    union all
    select * from of_operated_legs
    union all
    select * from of_calls
),

final as (
    select * from weighted
    where weight > 0
)

select * from final
