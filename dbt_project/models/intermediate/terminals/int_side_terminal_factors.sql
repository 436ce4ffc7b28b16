with

voyages as (
    select * from {{ ref('int_voyages') }}
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

visits as (
    select * from {{ ref('int_visits') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

terminal_months as (
    select * from {{ ref('int_terminal_months') }}
),

energy as (
    select * from {{ ref('int_terminal_energy') }}
),

hub_defaults as (
    select
        kgco2e / {{ teu_per_container() }} as default_kgco2e_per_teu,
        {{ hub_factor_key('version') }} as factor_key,
        evidence
    from {{ ref('glec_hub_defaults') }}
    where cast(version as string) = '3.2' and condition = 'ambient'
),

months as (
    select distinct cast({{ dbt.date_trunc('month', 'delivered_date') }} as date) as month
    from voyages
    where is_in_scope
),

corridor_calls as (
    select
        visits.terminal_code,
        cast({{ dbt.date_trunc('month', 'stays.arrival_date') }} as date) as month,
        {{ exact_sum('coalesce(visits.corridor_teu_discharged, 0) + coalesce(visits.corridor_teu_loaded, 0)') }}
            as corridor_teu
    from visits
    inner join stays
        on visits.stay_id = stays.stay_id
    where stays.is_in_scope
    group by visits.terminal_code, cast({{ dbt.date_trunc('month', 'stays.arrival_date') }} as date)
),

side_months as (
    select
        months.month,
        sides.side,
        terminals.terminal_code,
        partners.holding_id,
        corridor_calls.corridor_teu,
        terminal_months.teu_handled,
        terminal_months.kgco2e_per_teu,
        sum(coalesce(corridor_calls.corridor_teu, 0)) over (partition by months.month, sides.side) as side_corridor_teu,
        sum(coalesce(terminal_months.teu_handled, 0)) over (partition by months.month, sides.side) as side_teu_handled,
        count(*) over (partition by months.month, sides.side) as side_terminals
    from months
    cross join sides
    inner join terminals
        on sides.port_locode = terminals.port_locode
    inner join partners
        on terminals.operator_partner_id = partners.partner_id
    left join corridor_calls
        on terminals.terminal_code = corridor_calls.terminal_code and months.month = corridor_calls.month
    left join terminal_months
        on terminals.terminal_code = terminal_months.terminal_code and months.month = terminal_months.month
),

weighted as (
    select
        *,
        case
            when side_corridor_teu > 0 then coalesce(corridor_teu, 0) / side_corridor_teu
            when side_teu_handled > 0 then coalesce(teu_handled, 0) / side_teu_handled
            else 1.0 / side_terminals
        end as weight
    from side_months
),

measured as (
    select
        weighted.month,
        weighted.side,
        weighted.terminal_code,
        weighted.holding_id,
        weighted.weight,
        energy.energy_carrier,
        'metered' as activity_class,
        energy.factor_key,
        energy.evidence,
        energy.factor_lag_years,
        energy.co2e_kg / weighted.teu_handled as kgco2e_per_teu
    from weighted
    inner join energy
        on weighted.terminal_code = energy.terminal_code and weighted.month = energy.month
    where weighted.kgco2e_per_teu is not null and weighted.weight > 0
),

defaulted as (
    select
        weighted.month,
        weighted.side,
        weighted.terminal_code,
        weighted.holding_id,
        weighted.weight,
        'default' as energy_carrier,
        'default' as activity_class,
        hub_defaults.factor_key,
        hub_defaults.evidence,
        cast(null as int) as factor_lag_years,
        hub_defaults.default_kgco2e_per_teu as kgco2e_per_teu
    from weighted
    cross join hub_defaults
    where weighted.kgco2e_per_teu is null and weighted.weight > 0
),

weighted_factors as (
    select * from measured
    union all
    select * from defaulted
),

final as (
    select
        month,
        side,
        terminal_code,
        holding_id,
        energy_carrier,
        activity_class,
        factor_key,
        evidence,
        factor_lag_years,
        {{ exact_sum('weight * kgco2e_per_teu') }} as kgco2e_per_delivered_teu
    from weighted_factors
    group by
        month, side, terminal_code, holding_id, energy_carrier, activity_class, factor_key, evidence, factor_lag_years
)

select * from final
