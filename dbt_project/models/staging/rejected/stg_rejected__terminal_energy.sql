with

source as (
    select * from {{ source('rejected', 'terminal_energy') }}
),

final as (
    select
        submission_id,
        row_number,
        rule,
        severity,
        terminal_code,
        month,
        supplied_to_ships
    from source
)

select * from final
