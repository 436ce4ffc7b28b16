with

energy as (
    select * from {{ ref('int_terminal_energy') }}
),

activity as (
    select * from {{ ref('int_current_terminal_activity') }}
),

uncounted as (
    select distinct
        terminal_code,
        month
    from {{ ref('int_terminal_energy_uncounted') }}
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

energy_sums as (
    select
        terminal_code,
        month,
        count(*) - count(co2e_kg) as rows_without_co2e,
        {{ exact_sum('co2e_kg') }} as co2e_kg,
        count(*) - count(market_co2e_kg) as rows_without_market_co2e,
        {{ exact_sum('market_co2e_kg') }} as market_co2e_kg,
        count(*) - count(energy_mj) as rows_without_energy,
        {{ exact_sum('energy_mj') }} as energy_mj,
        {{ exact_sum("case when energy_carrier = 'electricity' then energy_mj else 0 end") }} as electricity_mj,
        sum(case when energy_carrier = 'electricity' then 1 else 0 end) as electricity_rows,
        count(electricity_kwh) as electricity_rows_with_kwh,
        {{ exact_sum('electricity_kwh') }} as electricity_kwh
    from energy
    group by terminal_code, month
),

-- A month without an electricity row has not filed its electricity, so its energy is unknown. The same holds for a
-- month to which an uncounted row may belong.
complete_months as (
    select energy_sums.*
    from energy_sums
    left join uncounted
        on energy_sums.terminal_code = uncounted.terminal_code and energy_sums.month = uncounted.month
    where energy_sums.electricity_rows > 0 and uncounted.terminal_code is null
),

energy_months as (
    select
        terminal_code,
        month,
        case when rows_without_co2e = 0 then co2e_kg end as co2e_kg,
        case when rows_without_market_co2e = 0 then market_co2e_kg end as market_co2e_kg,
        case when rows_without_energy = 0 then energy_mj end as energy_mj,
        case when rows_without_energy = 0 then electricity_mj end as electricity_mj,
        case when electricity_rows = electricity_rows_with_kwh then electricity_kwh end as electricity_kwh
    from complete_months
),

activity_months as (
    select activity.*
    from activity
    inner join terminals
        on activity.terminal_code = terminals.terminal_code and activity.partner_id = terminals.operator_partner_id
),

filed_months as (
    select
        terminal_code,
        month
    from energy_sums
    union
    select
        terminal_code,
        month
    from activity_months
),

final as (
    select
        filed_months.terminal_code,
        filed_months.month,
        terminals.port_locode,
        terminals.operator_partner_id,
        partners.holding_id,
        energy_months.co2e_kg,
        energy_months.market_co2e_kg,
        energy_months.energy_mj,
        energy_months.electricity_mj,
        energy_months.electricity_kwh,
        activity_months.teu_handled,
        activity_months.equipment_units,
        activity_months.zero_emission_units,
        energy_months.co2e_kg / nullif(activity_months.teu_handled, 0) as kgco2e_per_teu
    from filed_months
    inner join terminals
        on filed_months.terminal_code = terminals.terminal_code
    inner join partners
        on terminals.operator_partner_id = partners.partner_id
    left join energy_months
        on
            filed_months.terminal_code = energy_months.terminal_code
            and filed_months.month = energy_months.month
    left join activity_months
        on
            filed_months.terminal_code = activity_months.terminal_code
            and filed_months.month = activity_months.month
)

select * from final
