with

source as (
    select * from {{ source('accepted', 'terminal_activity') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        terminal_code,
        month,
        teu_handled,
        equipment_units,
        zero_emission_units,
        partner_id,
        submission_id
    from source
)

select * from final
