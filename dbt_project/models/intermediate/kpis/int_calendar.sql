with

days as (
    {{ days_between("date '1995-01-01'", "date '2050-12-31'") }}
),

final as (
    select day as date_day from days
)

select * from final
