with

{{ current_rows('service_nominations', ['service_code', 'nominated_from']) }},

final as (
    select
        filed_row_id,
        service_code,
        nominated_from,
        nominated_to,
        sailings_per_week,
        port_rotation,
        partner_id,
        submission_id
    from current_rows
)

select * from final
