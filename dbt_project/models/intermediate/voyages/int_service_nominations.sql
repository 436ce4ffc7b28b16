with

nominations as (
    select * from {{ ref('int_current_service_nominations') }}
),

with_next_nomination as (
    select
        *,
        lead(nominated_from) over (partition by service_code order by nominated_from nulls last) as next_nominated_from
    from nominations
),

-- A nomination ends on the day before the next one of its service, so that no day counts twice.
final as (
    select
        service_code,
        nominated_from,
        case
            when nominated_to is null or nominated_to >= next_nominated_from
                then coalesce(cast({{ dbt.dateadd('day', -1, 'next_nominated_from') }} as date), nominated_to)
            else nominated_to
        end as nominated_to,
        sailings_per_week,
        port_rotation,
        submission_id
    from with_next_nomination
)

select * from final
