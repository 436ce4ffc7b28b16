with

source as (
    select * from {{ source('accepted', 'cargo_contracts') }}
),

final as (
    select
        {{ filed_row_id() }} as filed_row_id,
        contract_id,
        period as contract_period,
        carrier,
        teu_contracted,
        teu_moved,
        claim_type,
        certificate_number,
        partner_id,
        submission_id
    from source
)

select * from final
