with

days as (
    {{ days_between("date '2015-01-01'", "date '2050-12-31'") }}
),

final as (
    select day as date_day from days
)

select * from final
