{#- (docs/method.md#progress and method.md#cii) -#}
{% set ratings = ['A', 'B', 'C', 'D', 'E'] %}

with

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
    where population in ('vessel', 'vessel_year', 'contract')
),

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed'
),

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

ratings as (
    select * from {{ ref('int_cii_ratings') }}
    where rating is not null
),

contracts as (
    select * from {{ ref('int_current_cargo_contracts') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

rating_letters as (
    {% for rating in ratings %}
        select '{{ rating }}' as rating
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

deployed as (
    select distinct
        periods.period_grain,
        periods.period_start,
        legs.imo_number,
        legs.holding_id,
        case when {{ is_capable('legs.capability') }} then 1 else 0 end as capable_vessels
    from periods
    inner join legs
        on legs.arrival_date between periods.period_start and periods.period_end
),

-- A vessel whose capability changed within the period is capable in it.
capable_vessels as (
    select
        'vessel' as population,
        'capable_vessels' as measure,
        'vessel' as segment,
        period_grain,
        period_start,
        'none' as dimension_value,
        holding_id,
        cast(max(capable_vessels) as double) as amount,
        'vessel' as entity_type,
        imo_number as entity_id
    from deployed
    group by period_grain, period_start, imo_number, holding_id
),

-- A rated vessel is one of its own rating, and a zero of every other.
rated_vessels as (
    select
        'vessel_year' as population,
        'rated_vessels' as measure,
        rating_letters.rating as segment,
        periods.period_grain,
        periods.period_start,
        rating_letters.rating as dimension_value,
        ratings.holding_id,
        cast(case when ratings.rating = rating_letters.rating then 1 else 0 end as double) as amount,
        'vessel_year' as entity_type,
        {{ vessel_year_id('ratings.imo_number', 'ratings.year') }} as entity_id
    from ratings
    inner join periods
        on periods.period_grain = 'year' and ratings.year = extract(year from periods.period_start)
    cross join rating_letters
),

contract_spans as (
    select
        contracts.*,
        {{ period_first_day('contracts.contract_period') }} as first_day,
        {{ period_last_day('contracts.contract_period') }} as last_day
    from contracts
),

-- A contract counts in every period that contains its own period.
contracted as (
    {% for measure in ['teu_moved', 'teu_contracted'] %}
        select
            'contract' as population,
            '{{ measure }}' as measure,
            'contract' as segment,
            periods.period_grain,
            periods.period_start,
            contract_spans.claim_type as dimension_value,
            partners.holding_id,
            cast(contract_spans.{{ measure }} as double) as amount,
            'contract' as entity_type,
            contract_spans.filed_row_id as entity_id
        from contract_spans
        inner join periods
            on contract_spans.first_day >= periods.period_start and contract_spans.last_day <= periods.period_end
        inner join partners
            on contract_spans.partner_id = partners.partner_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

measures as (
    select * from capable_vessels
    union all
    select * from rated_vessels
    union all
    select * from contracted
),

counted as (
    select
        measures.*,
        recipes.kpi_id,
        recipes.method_id,
        recipes.term,
        recipes.part,
        recipes.scale,
        recipes.parts_add_up = 'repeated' as is_repeated
    from measures
    inner join recipes
        on
            measures.population = recipes.population
            and measures.measure = recipes.measure
            and (
                {{ semicolon_list_contains('recipes.segments', 'measures.segment') }}
                or (recipes.segments = 'own' and measures.segment = measures.dimension_value)
            )
),

-- A repeated whole counts in the cell of every rating.
final as (
    select
        counted.kpi_id,
        counted.method_id,
        counted.period_grain,
        counted.period_start,
        coalesce(rating_letters.rating, counted.dimension_value) as dimension_value,
        counted.holding_id,
        counted.part,
        counted.term,
        {{ exact_sum('counted.amount * counted.scale') }} as amount,
        counted.entity_type,
        counted.entity_id
    from counted
    left join rating_letters
        on counted.is_repeated
    group by
        counted.kpi_id, counted.method_id, counted.period_grain, counted.period_start,
        coalesce(rating_letters.rating, counted.dimension_value), counted.holding_id, counted.part, counted.term,
        counted.entity_type, counted.entity_id
)

select * from final
