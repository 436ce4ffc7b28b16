with

legs as (
    select * from {{ ref('int_legs') }}
),

filed_rows as (
    select * from {{ ref('int_fuel_rows_filed') }}
    where segment_type = 'leg'
),

rows_within_leg as (
    select
        legs.leg_id,
        filed_rows.filed_row_id,
        filed_rows.consumer,
        filed_rows.period_start_utc as start_utc,
        least(filed_rows.period_end_utc, legs.arrival_utc) as end_utc
    from filed_rows
    inner join legs
        on filed_rows.segment_id = legs.leg_id
    where legs.arrival_utc is not null
),

rows_with_previous_end as (
    select
        *,
        max(end_utc) over (
            partition by leg_id, consumer
            order by start_utc nulls last, end_utc nulls last, filed_row_id nulls last
            rows between unbounded preceding and 1 preceding
        ) as covered_until_utc
    from rows_within_leg
),

newly_covered as (
    select
        leg_id,
        consumer,
        case
            when covered_until_utc is null or covered_until_utc <= start_utc
                then {{ hours_between('start_utc', 'end_utc') }}
            when covered_until_utc < end_utc then {{ hours_between('covered_until_utc', 'end_utc') }}
            else 0
        end as added_hours
    from rows_with_previous_end
),

final as (
    select
        leg_id,
        {{ exact_sum("case when consumer = 'main_engine' then added_hours end") }} as main_engine_hours,
        {{ exact_sum("case when consumer = 'aux_engine' then added_hours end") }} as aux_engine_hours
    from newly_covered
    group by leg_id
)

select * from final
