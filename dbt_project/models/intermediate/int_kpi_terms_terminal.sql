with

energy as (
    select * from {{ ref('int_terminal_energy') }}
),

terminal_months as (
    select * from {{ ref('int_terminal_months') }}
),

emitted as (
    select
        'terminal_kgco2e_per_teu' as kpi_id,
        terminal_months.month as event_date,
        terminal_months.port_locode as dimension_value,
        terminal_months.holding_id,
        'numerator' as term,
        energy.co2e_kg as amount,
        -dense_rank() over (order by terminal_months.terminal_code, terminal_months.month, energy.energy_carrier)
            as activity_row_id,
        'metered' as activity_class,
        energy.factor_key,
        energy.evidence,
        energy.factor_lag_years
    from terminal_months
    inner join energy
        on terminal_months.terminal_code = energy.terminal_code and terminal_months.month = energy.month
    where terminal_months.co2e_kg is not null and terminal_months.teu_handled is not null
),

sums as (
    select
        'terminal_kgco2e_per_teu' as kpi_id,
        month as event_date,
        port_locode as dimension_value,
        holding_id,
        'denominator' as term,
        teu_handled as amount
    from terminal_months
    where co2e_kg is not null and teu_handled is not null
    union all
    select
        'terminal_kwh_per_teu' as kpi_id,
        month as event_date,
        port_locode as dimension_value,
        holding_id,
        'numerator' as term,
        electricity_kwh as amount
    from terminal_months
    where electricity_kwh is not null and teu_handled is not null
    union all
    select
        'terminal_kwh_per_teu' as kpi_id,
        month as event_date,
        port_locode as dimension_value,
        holding_id,
        'denominator' as term,
        teu_handled as amount
    from terminal_months
    where electricity_kwh is not null and teu_handled is not null
),

final as (
    select
        kpi_id,
        'glec_v3_2' as method_id,
        event_date,
        dimension_value,
        holding_id,
        term,
        amount,
        activity_row_id,
        activity_class,
        factor_key,
        evidence,
        factor_lag_years
    from emitted
    union all
    select
        kpi_id,
        'glec_v3_2' as method_id,
        event_date,
        dimension_value,
        holding_id,
        term,
        amount,
        {{ no_emissions() }}
    from sums
)

select * from final
