with

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed'
),

terminals as (
    select * from {{ ref('stg_corridor__terminals') }}
),

corridor as (
    select * from {{ ref('stg_corridor__corridor') }}
),

terminal_months as (
    select * from {{ ref('int_terminal_months') }}
    where is_filed
),

filed as (
    select
        periods.period_grain,
        periods.period_start,
        terminals.port_locode,
        terminals.terminal_code,
        case periods.period_grain when 'month' then 1 when 'quarter' then 3 else 12 end as expected_months,
        count(terminal_months.month) as filed_months
    from periods
    cross join terminals
    left join terminal_months
        on
            terminals.terminal_code = terminal_months.terminal_code
            and terminal_months.month between periods.period_start and periods.period_end
    group by periods.period_grain, periods.period_start, terminals.port_locode, terminals.terminal_code
),

final as (
    select
        period_grain,
        period_start,
        'port' as dimension,
        port_locode as dimension_value,
        sum(filed_months) / cast(sum(expected_months) as double) as coverage
    from filed
    group by period_grain, period_start, port_locode
    union all
    select
        filed.period_grain,
        filed.period_start,
        'corridor' as dimension,
        corridor.corridor_id as dimension_value,
        sum(filed.filed_months) / cast(sum(filed.expected_months) as double) as coverage
    from filed
    cross join corridor
    group by filed.period_grain, filed.period_start, corridor.corridor_id
)

select * from final
