with

{{ current_rows('cargo_contracts', ['partner_id', 'contract_id', 'contract_period']) }},

final as (
    select
        filed_row_id,
        contract_id,
        contract_period,
        carrier,
        teu_contracted,
        teu_moved,
        claim_type,
        certificate_number,
        partner_id,
        submission_id
    from current_rows
)

select * from final
