"""What is behind one KPI cell of the current release, as a record of plain values.

Belongs here: which cell is meant, and the queries of sql/ in their order. Does not belong here: any figure that the
release does not hold, or how a record looks (text).
"""

import json

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.core.query import Record, quoted, records, sql_of
from orchestration.core.settings import Settings
from orchestration.release.swap import Release, list_releases
from orchestration.submissions.period import Period

CELLS_OF = """
    select distinct method_id, period_grain, period_start, dimension, dimension_value
    from warehouse.marts.fct_kpi where kpi_id = ? and variant = 'measured' order by all
"""


def explain_cell(
    settings: Settings, kpi_id: str, period: str, dimension_value: str | None, method_id: str | None
) -> Record:
    """The cell with its parts, factors, sources, largest entities, and what the release before had.

    dimension_value: a part such as outbound or USLAX; None: the whole corridor. method_id: None: the default one.
    Raises CorridorError when there is no release, or no such cell in it, naming what there is.
    """
    current, before = _releases(settings)
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(current.path / 'internal' / 'warehouse.duckdb')} as warehouse (read_only)")
        con.execute(f"attach {quoted(current.path / 'public' / 'kpis.duckdb')} as kpis (read_only)")
        asked = _asked(con, settings, kpi_id, period, dimension_value, method_id)
        con.execute(_sql("cell"), asked)
        con.execute(_sql("traced", warehouse="warehouse", traced="traced"))
        con.execute(_sql("factored", warehouse="warehouse", factored="factored"))
        record = {
            "release_id": current.release_id,
            "corridor": settings.corridor.name,
            "sample": settings.corridor.sample,
            "period": period,
            **records(con, "from cell")[0],
            "parts": records(con, _sql("parts")),
            "factors": records(con, _sql("factors")),
            "sources": records(con, _sql("sources")),
            "largest": records(con, _sql("largest")),
            "before": _before(con, before) if before else None,
        }
    # Dates as text, as JSON and the terminal have them.
    plain: Record = json.loads(json.dumps(record, default=str))
    return plain


def _releases(settings: Settings) -> tuple[Release, Release | None]:
    """The current release and the published one before it that was not withdrawn."""
    published = [release for release in list_releases(settings.releases) if release.state in ("current", "published")]
    places = [place for place, release in enumerate(published) if release.state == "current"]
    if not places:
        raise CorridorError(f"{settings.releases} has no current release to explain. Make one with: corridor run")
    return published[places[0]], published[places[0] - 1] if places[0] else None


def _asked(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    kpi_id: str,
    period: str,
    dimension_value: str | None,
    method_id: str | None,
) -> dict[str, object]:
    """The key of the cell; what is not among the release's cells is named with what is."""
    known = records(con, "select kpi_id, method_ids from warehouse.seeds.kpi_definitions order by display_order")
    methods = {row["kpi_id"]: row["method_ids"] for row in known}
    _one_of("KPI", kpi_id, list(methods))
    parsed = Period.parse(period)
    if parsed is None:
        raise CorridorError(f"{period!r} is no period: expected YYYY, YYYY-Qn or YYYY-MM.")
    asked_method = method_id or methods[kpi_id].split(";")[0] or "none"
    cells = records(con, CELLS_OF, [kpi_id])
    _one_of(f"method of {kpi_id}", asked_method, [row["method_id"] for row in cells])
    _one_of(f"period grain of {kpi_id}", parsed.grain, [row["period_grain"] for row in cells])
    starts = [row["period_start"] for row in cells if row["period_grain"] == parsed.grain]
    _one_of(f"{parsed.grain} of {kpi_id}", period, [Period.holding(parsed.grain, start).text for start in starts])
    of_what = dimension_value or settings.corridor.id
    _one_of(f"--dimension of {kpi_id}", of_what, [row["dimension_value"] for row in cells])
    return {
        "kpi_id": kpi_id,
        "method_id": asked_method,
        "period_grain": parsed.grain,
        "period_start": parsed.start,
        "dimension_value": of_what,
    }


def _one_of(what: str, asked: str, known: list[str]) -> None:
    if asked not in known:
        raise CorridorError(f"{asked!r} is no {what}: expected one of {', '.join(dict.fromkeys(known))}.")


def _before(con: duckdb.DuckDBPyConnection, release: Release) -> Record:
    """What the release before had for the cell, and which entities, factors and sources make the difference.

    A release made before lineage was kept has its cell alone.
    """
    con.execute(f"attach {quoted(release.path / 'internal' / 'warehouse.duckdb')} as previous (read_only)")
    cells = records(con, _sql("cell_before"))
    record: Record = {
        "release_id": release.release_id,
        "cell": cells[0] if cells else None,
        "changes": [],
        "factors": [],
        "sources": [],
    }
    kept = con.execute(
        "select count(*) from duckdb_tables() where database_name = 'previous' and table_name = 'fct_entity_sources'"
    ).fetchone()
    if kept and kept[0]:
        con.execute(_sql("traced", warehouse="previous", traced="traced_before"))
        con.execute(_sql("factored", warehouse="previous", factored="factored_before"))
        record["changes"] = records(con, _sql("changes"))
        record["factors"] = records(con, _sql("factor_changes"))
        record["sources"] = records(con, _sql("source_changes"))
    return record


def _sql(name: str, **names: str) -> str:
    """A query of sql/; names: what it calls the warehouse it reads and the table it makes."""
    text = sql_of(f"explain/sql/{name}")
    return text.format(**names) if names else text
