with

legs as (
    select * from {{ ref('int_legs') }}
),

filed as (
    select * from {{ ref('int_fuel_rows_filed') }}
    where segment_type = 'leg'
),

clipped as (
    select
        legs.leg_id,
        filed.filed_row_id,
        filed.consumer,
        filed.period_start_utc as start_utc,
        least(filed.period_end_utc, legs.arrival_utc) as end_utc
    from filed
    inner join legs
        on filed.segment_id = legs.leg_id
    where legs.arrival_utc is not null
),

running as (
    select
        *,
        max(end_utc) over (
            partition by leg_id, consumer
            order by start_utc nulls last, end_utc nulls last, filed_row_id nulls last
            rows between unbounded preceding and 1 preceding
        ) as covered_until_utc
    from clipped
),

added as (
    select
        leg_id,
        consumer,
        case
            when covered_until_utc is null or covered_until_utc <= start_utc
                then {{ hours_between('start_utc', 'end_utc') }}
            when covered_until_utc < end_utc then {{ hours_between('covered_until_utc', 'end_utc') }}
            else 0
        end as added_hours
    from running
),

final as (
    select
        leg_id,
        {{ exact_sum("case when consumer = 'main_engine' then added_hours end") }} as main_engine_hours,
        {{ exact_sum("case when consumer = 'aux_engine' then added_hours end") }} as aux_engine_hours
    from added
    group by leg_id
)

select * from final
