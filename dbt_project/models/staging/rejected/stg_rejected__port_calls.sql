with

source as (
    select * from {{ source('rejected', 'port_calls') }}
),

final as (
    select
        submission_id,
        row_number,
        rule,
        severity,
        imo_number,
        terminal_code,
        tied_utc,
        released_utc
    from source
)

select * from final
