"""Contracts for zero-lifecycle carriage, as cargo owners or carriers report them."""

from orchestration.core.contract import Contract, Rule, number, text

CARGO_CONTRACTS = Contract(
    "cargo_contracts",
    ("cargo_owner", "carrier"),
    "contract and period",
    (
        text("contract_id", "The filer's own number for the contract.", "SMPL-K-001", key=True),
        text("period", "YYYY, YYYY-Qn or YYYY-MM.", "2025", key=True),
        text("carrier", "Carrier the contract is with.", "SMPL-AURORA"),
        number("teu_contracted", "TEU contracted for zero-lifecycle carriage.", "1200"),
        number("teu_moved", "TEU moved under the contract.", "900"),
        text(
            "claim_type",
            "How the claim is made.",
            "mass_balance",
            ("mass_balance", "book_and_claim"),
            required=True,
        ),
        text("certificate_number", "Certificate behind the claim.", "SMPL-CERT-0001"),
    ),
    # The first day of the contract's own period.
    row_end="try_cast(substr(period, 1, 4) || '-' || case when period[6] = 'Q' then "
    "lpad(cast(3 * try_cast(period[7] as integer) - 2 as varchar), 2, '0') "
    "else coalesce(nullif(substr(period, 6, 2), ''), '01') end || '-01' as date)",
    rules=(
        Rule(
            "period_is_a_period",
            "period",
            "not regexp_full_match(period, '[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?')",
            "{period} is not a period: YYYY, YYYY-Qn or YYYY-MM.",
        ),
    ),
)
