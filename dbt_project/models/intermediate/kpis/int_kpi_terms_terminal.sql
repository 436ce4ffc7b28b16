{#- kpi_id, numerator and denominator of the terminal-months that know both (docs/method.md#terminals). -#}
{% set ratios = [
    ('terminal_kgco2e_per_teu', 'co2e_kg', 'teu_handled'),
    ('terminal_market_kgco2e_per_teu', 'market_co2e_kg', 'teu_handled'),
    ('terminal_kwh_per_teu', 'electricity_kwh', 'teu_handled'),
    ('electric_share', 'electricity_mj', 'energy_mj'),
    ('zero_emission_equipment_share', 'zero_emission_units', 'equipment_units'),
] %}
{% set emission_kpis = ['terminal_kgco2e_per_teu', 'terminal_market_kgco2e_per_teu'] %}

with

energy as (
    select * from {{ ref('int_terminal_energy') }}
),

terminal_months as (
    select * from {{ ref('int_terminal_months') }}
),

emitted as (
    {% for kpi_id, numerator, denominator in ratios if kpi_id in emission_kpis %}
        {% set is_market = kpi_id == 'terminal_market_kgco2e_per_teu' %}
        select
            '{{ kpi_id }}' as kpi_id,
            terminal_months.month as event_date,
            terminal_months.port_locode as dimension_value,
            terminal_months.holding_id,
            'numerator' as term,
            energy.{{ numerator }} as amount,
            'terminal_month' as entity_type,
            {{ terminal_month_id('terminal_months.terminal_code', 'terminal_months.month') }} as entity_id,
            -dense_rank() over (
                order by
                    terminal_months.terminal_code nulls last,
                    terminal_months.month nulls last,
                    energy.energy_carrier nulls last
            ) as activity_row_id,
            'metered' as activity_class,
            {% if is_market %}
                case
                    when energy.energy_carrier = 'electricity' then {{ supplier_factor_key('energy.terminal_code') }}
                    else energy.factor_key
                end as factor_key,
                case when energy.energy_carrier = 'electricity' then 'one_source' else energy.evidence end as evidence,
                case when energy.energy_carrier != 'electricity' then energy.factor_lag_years end as factor_lag_years
            {% else %}
                energy.factor_key,
                energy.evidence,
                energy.factor_lag_years
            {% endif %}
        from terminal_months
        inner join energy
            on terminal_months.terminal_code = energy.terminal_code and terminal_months.month = energy.month
        where terminal_months.{{ numerator }} is not null and terminal_months.{{ denominator }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

sums as (
    {% for kpi_id, numerator, denominator in ratios %}
        {% for term in (['denominator'] if kpi_id in emission_kpis else ['numerator', 'denominator']) %}
            select
                '{{ kpi_id }}' as kpi_id,
                month as event_date,
                port_locode as dimension_value,
                holding_id,
                '{{ term }}' as term,
                cast({{ numerator if term == 'numerator' else denominator }} as double) as amount,
                'terminal_month' as entity_type,
                {{ terminal_month_id('terminal_code', 'month') }} as entity_id,
                {{ null_trust_columns() }}
            from terminal_months
            where {{ numerator }} is not null and {{ denominator }} is not null
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

terms as (
    select * from emitted
    union all
    select * from sums
),

final as (
    select
        kpi_id,
        {{ default_method_id() }} as method_id,
        event_date,
        dimension_value,
        holding_id,
        term,
        amount,
        entity_type,
        entity_id,
        activity_row_id,
        activity_class,
        factor_key,
        evidence,
        factor_lag_years
    from terms
)

select * from final
