{#- (docs/method.md#terminals) -#}
{% set measures = [
    'co2e_kg', 'market_co2e_kg', 'electricity_kwh', 'electricity_mj', 'energy_mj', 'zero_emission_units',
    'equipment_units', 'teu_handled',
] %}

with

recipes as (
    select distinct
        measure,
        needs
    from {{ ref('kpi_terms') }}
    where population = 'terminal_month'
),

energy as (
    select * from {{ ref('int_terminal_energy') }}
),

terminal_months as (
    select * from {{ ref('int_terminal_months') }}
),

filled as (
    {% for measure in measures %}
        select
            terminal_code,
            month,
            port_locode,
            holding_id,
            '{{ measure }}' as measure,
            cast({{ measure }} as double) as amount
        from terminal_months
        where {{ measure }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A terminal month counts in a ratio only if both of its measures are filled.
counted as (
    select
        filled.*,
        recipes.needs
    from filled
    inner join recipes
        on filled.measure = recipes.measure
    inner join filled as needed
        on
            filled.terminal_code = needed.terminal_code
            and filled.month = needed.month
            and recipes.needs = needed.measure
),

numbered_energy as (
    select
        terminal_code,
        month,
        energy_carrier = 'electricity' as is_electricity,
        -dense_rank() over (
            order by terminal_code nulls last, month nulls last, energy_carrier nulls last
        ) as activity_row_id,
        co2e_kg,
        market_co2e_kg,
        factor_key,
        evidence,
        factor_lag_years
    from energy
),

emitted as (
    select
        counted.*,
        energy.activity_row_id,
        'metered' as activity_class,
        case when counted.measure = 'co2e_kg' then energy.co2e_kg else energy.market_co2e_kg end as row_amount,
        case
            when counted.measure = 'market_co2e_kg' and energy.is_electricity
                then {{ supplier_factor_key('counted.terminal_code') }}
            else energy.factor_key
        end as factor_key,
        case
            when counted.measure = 'market_co2e_kg' and energy.is_electricity then 'one_source'
            else energy.evidence
        end as evidence,
        case
            when counted.measure = 'co2e_kg' or not energy.is_electricity then energy.factor_lag_years
        end as factor_lag_years
    from counted
    inner join numbered_energy as energy
        on counted.terminal_code = energy.terminal_code and counted.month = energy.month
    where counted.measure in ('co2e_kg', 'market_co2e_kg')
),

summed as (
    select
        *,
        {{ null_trust_columns() }}
    from counted
    where measure not in ('co2e_kg', 'market_co2e_kg')
),

measured as (
    {% for relation, amount in [('emitted', 'row_amount'), ('summed', 'amount')] %}
        select
            measure,
            needs,
            terminal_code,
            month,
            port_locode,
            holding_id,
            {{ amount }} as amount,
            activity_row_id,
            activity_class,
            factor_key,
            evidence,
            factor_lag_years
        from {{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        'terminal_month' as population,
        'terminal_month' as segment,
        measure,
        needs,
        cast(null as string) as method_id,
        month as event_date,
        port_locode as dimension_value,
        holding_id,
        amount,
        'terminal_month' as entity_type,
        {{ terminal_month_id('terminal_code', 'month') }} as entity_id,
        activity_row_id,
        activity_class,
        factor_key,
        evidence,
        factor_lag_years
    from measured
)

select * from final
