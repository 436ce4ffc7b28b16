"""A small lake for tests: one partner with its terminal, ship and files, and two targets."""

from pathlib import Path

import duckdb


def make_lake(lake: Path) -> None:
    """Write every file of the lake that a release reads."""
    tables = {
        "corridor/targets.parquet": """
            select * from (values
                ('corridor_wtw_g_per_teu_km', '2024', null, 2030, null, 40.0, 'SAMPLE, not an official target',
                    'commitment'),
                ('corridor_wtw_t', '2008', null, 2030, null, 20.0, 'IMO 2023 GHG strategy', 'reference')
            ) as t (
                kpi_id, baseline_period, baseline_value, target_year, target_value, reduction_pct, authority, status
            )
        """,
        "corridor/milestones.parquet": """
            select * from (values
                ('More than 60 g by 2025', 2025, 'corridor_wtw_g_per_teu_km', 60.0),
                ('A zero ship is feasible by 2030', 2030, null, null)
            ) as t (name, due_year, kpi_id, at_least)
            cross join (select 'SAMPLE promise' as authority, 'SAMPLE page' as source)
        """,
        "corridor/run.parquet": "select date '2026-02-28' as as_of",
        "corridor/partners.parquet": """
            select 'SMPL-PARTNER' as partner_id, 'SMPL-Partner of the test' as name, 'terminal' as role,
                'SMPL-ALBATROSS' as holding_id
        """,
        "corridor/terminals.parquet": """
            select 'SMPL-LAX1' as terminal_code, 'SMPL-Pelican Pier' as name, 'USLAX' as port_locode,
                'SMPL-PARTNER' as operator_partner_id
        """,
        "accepted/vessels/0123456789abcdef.parquet": """
            select '3000009' as imo_number, 'SMPL-Kestrel' as vessel_name, 'SMPL-PARTNER' as partner_id,
                '0123456789abcdef' as submission_id
        """,
        "accepted/voyage_legs/1123456789abcdef.parquet": """
            select '3000009' as imo_number, 'SMPL-SVC1' as service_code, 'SMPL-V001E' as voyage_number
        """,
        "accepted/bunker_deliveries/2123456789abcdef.parquet": """
            select 'SMPL-BDN-0001' as bdn_number, 'SMPL-CERT-01' as certificate_number
        """,
        "intake/submissions.parquet": """
            select '0123456789abcdef' as submission_id, 'SMPL-PARTNER' as partner_id, 'vessels' as dataset,
                '2025' as period, timestamp '2026-02-01 00:00:00' as received_at, 'accepted' as verdict,
                'aa11' as content_sha256
        """,
        "throughput/public_pages/v1.parquet": """
            select 'public_pages' as source_id, '2025' as page, timestamp '2026-02-28 12:00:00' as vintage_at,
                'bb22' as content_sha256
        """,
    }
    with duckdb.connect() as con:
        for name, query in tables.items():
            path = lake / name
            path.parent.mkdir(parents=True, exist_ok=True)
            con.execute(f"copy ({query}) to '{path}' (format parquet)")
