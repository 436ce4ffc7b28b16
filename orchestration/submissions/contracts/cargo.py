"""The contract for cargo contracts: freight agreements on carriage without lifecycle emissions.

Belongs here: this one dataset. Does not belong here: how it is checked.
"""

from orchestration.core.contract import Contract, Rule, number, text

CARGO_CONTRACTS = Contract(
    "cargo_contracts",
    ("cargo_owner", "carrier"),
    "cargo contract and period",
    (
        text("contract_id", "Number that the filer gave to the cargo contract.", "SMPL-K-001", key=True),
        text("period", "YYYY, YYYY-Qn or YYYY-MM.", "2025", key=True),
        text("carrier", "Carrier with which it was concluded.", "SMPL-AURORA"),
        number("teu_contracted", "TEU contracted for carriage without lifecycle emissions.", "1200"),
        number("teu_moved", "TEU moved under the cargo contract.", "900"),
        text(
            "claim_type",
            "How the emission reduction is claimed.",
            "mass_balance",
            ("mass_balance", "book_and_claim"),
            required=True,
        ),
        text("certificate_number", "Number of the certificate on which the claim relies.", "SMPL-CERT-0001"),
    ),
    # The first day of the period in the row.
    row_end="try_cast(substr(period, 1, 4) || '-' || case when period[6] = 'Q' then "
    "lpad(cast(3 * try_cast(period[7] as integer) - 2 as varchar), 2, '0') "
    "else coalesce(nullif(substr(period, 6, 2), ''), '01') end || '-01' as date)",
    rules=(
        Rule(
            "period_is_a_period",
            "period",
            "not regexp_full_match(period, '[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?')",
            "{period} is not a period. Write YYYY, YYYY-Qn or YYYY-MM.",
        ),
    ),
)
