"""corridor.toml as tables: the columns and rows of the dbt source `corridor`.

Belongs here: turning the file into rows.
Does not belong here: the keys of the file (`corridor_file.py`), writing tables (`lake.py`).
"""

from orchestration.core.settings import Settings

CORRIDOR_SCHEMAS = {
    "corridor": {"corridor_id": "VARCHAR", "name": "VARCHAR", "contact": "VARCHAR", "sample": "BOOLEAN"},
    "sides": {"side": "VARCHAR", "port_locode": "VARCHAR"},
    "terminals": {
        "terminal_code": "VARCHAR",
        "name": "VARCHAR",
        "port_locode": "VARCHAR",
        "operator_partner_id": "VARCHAR",
    },
    "partners": {"partner_id": "VARCHAR", "name": "VARCHAR", "role": "VARCHAR", "holding_id": "VARCHAR"},
    "partner_datasets": {
        "partner_id": "VARCHAR",
        "dataset": "VARCHAR",
        "period_grain": "VARCHAR",
        "due_day": "INTEGER",
    },
    "sources": {"source_id": "VARCHAR", "kind": "VARCHAR", "primary_for": "VARCHAR"},
    "targets": {
        "kpi_id": "VARCHAR",
        "baseline_period": "VARCHAR",
        "baseline_value": "DOUBLE",
        "target_year": "INTEGER",
        "target_value": "DOUBLE",
        "reduction_pct": "DOUBLE",
        "authority": "VARCHAR",
        "status": "VARCHAR",
    },
    "milestones": {
        "name": "VARCHAR",
        "due_year": "INTEGER",
        "kpi_id": "VARCHAR",
        "at_least": "DOUBLE",
        "authority": "VARCHAR",
        "source": "VARCHAR",
    },
    "waivers": {"holding_id": "VARCHAR", "kpi_id": "VARCHAR", "until": "DATE"},
    "run": {"as_of": "DATE", "run_at": "TIMESTAMP", "code_version": "VARCHAR"},
}


def corridor_rows(settings: Settings) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each table of CORRIDOR_SCHEMAS except `run`."""
    corridor, file = settings.corridor, settings.file
    sides = {"origin": corridor.origin.ports, "destination": corridor.destination.ports}
    return {
        "corridor": [
            {
                "corridor_id": corridor.id,
                "name": corridor.name,
                "contact": corridor.contact,
                "sample": corridor.sample,
            }
        ],
        "sides": [{"side": side, "port_locode": port} for side, ports in sides.items() for port in ports],
        "terminals": [
            {"terminal_code": t.code, "name": t.name, "port_locode": t.port, "operator_partner_id": t.operator}
            for t in file.terminals
        ],
        "partners": [
            {"partner_id": p.id, "name": p.name, "role": p.role, "holding_id": p.holding} for p in file.partners
        ],
        "partner_datasets": [
            {"partner_id": p.id, "dataset": dataset, "period_grain": duty.period, "due_day": duty.due_day}
            for p in file.partners
            for dataset, duty in p.datasets.items()
        ],
        "sources": [
            {"source_id": s.id, "kind": s.kind, "primary_for": entry}
            for s in file.sources
            for entry in (s.primary_for or (None,))
        ],
        "targets": [target.model_dump() for target in file.targets],
        "milestones": [milestone.model_dump() for milestone in file.milestones],
        "waivers": [{"holding_id": w.holding, "kpi_id": w.kpi_id, "until": w.until} for w in file.waivers],
    }
