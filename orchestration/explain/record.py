"""The explanation of one KPI cell of the current release, as a record of plain values.

Belongs here: the choice of the cell, and the queries of `sql/` in their order.
Does not belong here: figures that the release does not hold, or how the record is printed (`text.py`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.core.query import Record, quoted, records, sql_of
from orchestration.core.settings import Settings
from orchestration.release.swap import Release, list_releases
from orchestration.submissions.period import Period

CELLS = """
    select distinct method_id, period_grain, period_start, dimension, dimension_value
    from warehouse.marts.fct_kpi where kpi_id = ? and variant = 'measured' order by all
"""


@dataclass(frozen=True)
class CellRequest:
    """The cell that a reader asks for.

    Attributes:
        kpi_id: The KPI.
        period: The period, as YYYY, YYYY-Qn or YYYY-MM.
        dimension_value: A part such as outbound or USLAX; None means the whole corridor.
        method_id: The method; None means the KPI's first method.
    """

    kpi_id: str
    period: str
    dimension_value: str | None = None
    method_id: str | None = None


def explain_cell(settings: Settings, request: CellRequest) -> Record:
    """Explain a cell of the current release.

    Returns:
        The cell with its parts, factors, sources, coverage and largest contributions, and what changed since the
        previous release.

    Raises:
        CorridorError: There is no release, or no such cell in it; the message gives the choices.
    """
    current, previous = _releases(settings)
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(current.warehouse)} as warehouse (read_only)")
        con.execute(f"attach {quoted(current.kpis)} as kpis (read_only)")
        con.execute(_sql("cell"), _cell_key(con, settings, request))
        con.execute(_sql("lineage", warehouse="warehouse", table="lineage"))
        con.execute(_sql("used_factors", warehouse="warehouse", table="used_factors"))
        record = {
            "release_id": current.release_id,
            "corridor": settings.corridor.name,
            "sample": settings.corridor.sample,
            "period": request.period,
            **records(con, "from cell")[0],
            "parts": records(con, _sql("parts")),
            "coverage_items": records(con, _sql("coverage")),
            "factors": records(con, _sql("factors")),
            "sources": records(con, _sql("sources")),
            "largest": records(con, _sql("largest")),
            "before": _previous(con, previous) if previous else None,
        }
    # Dates become text, as in JSON.
    plain: Record = json.loads(json.dumps(record, default=str))
    return plain


def _releases(settings: Settings) -> tuple[Release, Release | None]:
    """Return the current release and the published one before it, leaving out withdrawn ones."""
    published = [release for release in list_releases(settings.releases) if release.state in ("current", "published")]
    positions = [position for position, release in enumerate(published) if release.state == "current"]
    if not positions:
        raise CorridorError(f"{settings.releases} has no current release to explain. Make one with: corridor run")
    return published[positions[0]], published[positions[0] - 1] if positions[0] else None


def _cell_key(con: duckdb.DuckDBPyConnection, settings: Settings, request: CellRequest) -> dict[str, object]:
    """Return the key of the requested cell.

    Raises:
        CorridorError: The release has no such cell; the message gives the choices.
    """
    kpi_id, definitions = request.kpi_id, "warehouse.seeds.kpi_definitions"
    rows = records(con, f"select kpi_id, method_ids from {definitions} order by display_order")
    methods = {row["kpi_id"]: row["method_ids"] for row in rows}
    _require(kpi_id in methods, f"Unknown KPI {kpi_id!r}.", methods)
    period = Period.parse(request.period)
    if period is None:
        raise CorridorError(f"Invalid period {request.period!r}. Use YYYY, YYYY-Qn or YYYY-MM.")
    cells = records(con, CELLS, [kpi_id])

    method_id = request.method_id or methods[kpi_id].split(";")[0] or "none"
    method_ids = [cell["method_id"] for cell in cells]
    _require(method_id in method_ids, f"{kpi_id} is not computed with the method {method_id!r}.", method_ids)

    grains = [cell["period_grain"] for cell in cells]
    _require(period.grain in grains, f"{kpi_id} has no figures by {period.grain}.", grains)
    periods = [
        Period.holding(period.grain, cell["period_start"]).text
        for cell in cells
        if cell["period_grain"] == period.grain
    ]
    _require(request.period in periods, f"{kpi_id} has no figure for {period.grain} {request.period}.", periods)

    dimension_value = request.dimension_value or settings.corridor.id
    values = [cell["dimension_value"] for cell in cells]
    whole = "the whole corridor; it needs --dimension" if request.dimension_value is None else repr(dimension_value)
    _require(dimension_value in values, f"{kpi_id} has no figure for {whole}.", values)
    return {
        "kpi_id": kpi_id,
        "method_id": method_id,
        "period_grain": period.grain,
        "period_start": period.start,
        "dimension_value": dimension_value,
    }


def _require(is_available: bool, fault: str, choices: Iterable[str]) -> None:
    if not is_available:
        raise CorridorError(f"{fault} Choose one of {', '.join(dict.fromkeys(choices))}.")


def _previous(con: duckdb.DuckDBPyConnection, release: Release) -> Record:
    """Return the cell in the previous release, and the entities, factors and sources that differ.

    A release that was made before lineage was recorded has only its cell.
    """
    con.execute(f"attach {quoted(release.warehouse)} as previous (read_only)")
    cells = records(con, _sql("previous_cell"))
    record: Record = {
        "release_id": release.release_id,
        "cell": cells[0] if cells else None,
        "changes": [],
        "factors": [],
        "sources": [],
    }
    has_lineage = con.execute(
        "select count(*) from duckdb_tables() where database_name = 'previous' and table_name = 'fct_entity_sources'"
    ).fetchone()
    if has_lineage and has_lineage[0]:
        con.execute(_sql("lineage", warehouse="previous", table="previous_lineage"))
        con.execute(_sql("used_factors", warehouse="previous", table="previous_used_factors"))
        record["changes"] = records(con, _sql("changes"))
        record["factors"] = records(con, _sql("factor_changes"))
        record["sources"] = records(con, _sql("source_changes"))
    return record


def _sql(name: str, **placeholders: str) -> str:
    """Return a query of `sql/` with its placeholders filled in."""
    text = sql_of(f"explain/sql/{name}")
    return text.format(**placeholders) if placeholders else text
