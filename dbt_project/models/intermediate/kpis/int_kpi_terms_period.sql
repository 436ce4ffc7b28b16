with

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

letters as (
    {% for rating in ['A', 'B', 'C', 'D', 'E'] %}
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
        'capable_vessels_deployed' as kpi_id,
        period_grain,
        period_start,
        'none' as dimension_value,
        holding_id,
        'numerator' as term,
        cast(max(capable_vessels) as double) as amount,
        'vessel' as entity_type,
        imo_number as entity_id
    from deployed
    group by period_grain, period_start, imo_number, holding_id
),

rated_vessels as (
    select
        ratings.rating,
        ratings.holding_id,
        {{ vessel_year_id('ratings.imo_number', 'ratings.year') }} as entity_id,
        periods.period_grain,
        periods.period_start
    from ratings
    inner join periods
        on periods.period_grain = 'year' and ratings.year = extract(year from periods.period_start)
),

vessel_ratings as (
    {% for term, amount in [
        ('numerator', "case when rated_vessels.rating in ('A', 'B', 'C') then 1 else 0 end"),
        ('denominator', '1'),
    ] %}
        select
            'cii_share_abc' as kpi_id,
            rated_vessels.period_grain,
            rated_vessels.period_start,
            'none' as dimension_value,
            rated_vessels.holding_id,
            '{{ term }}' as term,
            cast({{ amount }} as double) as amount,
            'vessel_year' as entity_type,
            rated_vessels.entity_id
        from rated_vessels
        union all
    {% endfor %}
    {% for term, amount in [
        ('numerator', 'case when rated_vessels.rating = letters.rating then 1 else 0 end'),
        ('denominator', '1'),
    ] %}
        select
            'cii_rating_share' as kpi_id,
            rated_vessels.period_grain,
            rated_vessels.period_start,
            letters.rating as dimension_value,
            rated_vessels.holding_id,
            '{{ term }}' as term,
            cast({{ amount }} as double) as amount,
            'vessel_year' as entity_type,
            rated_vessels.entity_id
        from rated_vessels
        cross join letters
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A contract counts in every period that holds its own period whole.
contract_spans as (
    select
        contracts.*,
        {{ period_first_day('contracts.contract_period') }} as first_day,
        {{ period_last_day('contracts.contract_period') }} as last_day
    from contracts
),

contracted as (
    {% for kpi_id, amount in [('contract_zero_teu', 'teu_moved'), ('contracted_zero_teu', 'teu_contracted')] %}
        select
            '{{ kpi_id }}' as kpi_id,
            periods.period_grain,
            periods.period_start,
            contract_spans.claim_type as dimension_value,
            partners.holding_id,
            'numerator' as term,
            cast(contract_spans.{{ amount }} as double) as amount,
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

terms as (
    select * from capable_vessels
    union all
    select * from vessel_ratings
    union all
    select * from contracted
),

final as (
    select
        kpi_id,
        {{ default_method_id() }} as method_id,
        period_grain,
        period_start,
        dimension_value,
        holding_id,
        term,
        amount,
        entity_type,
        entity_id
    from terms
)

select * from final
