"""The only writer of the public schema `kpi`: what may be published, and nothing else.

Belongs here: the order in which the SQL of `sql/` fills the public tables, before and after the gate's decision.
Does not belong here: any number (SQL), the files made from the tables (exports), the decision itself (gate).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import Waiver
from orchestration.core.lake import naive
from orchestration.core.query import quoted, sql_of, transaction
from orchestration.core.settings import Settings
from orchestration.release.disclosure.earlier_releases import add_earlier_releases
from orchestration.release.identifiers import SEPARATOR, finder
from orchestration.release.release_folder import ReleasesRoot
from orchestration.release.retention import withdrawals
from orchestration.release.swap import current_id

GATED_TABLES = (
    "kpi_values",
    "kpi_latest",
    "kpi_definitions",
    "kpi_progress",
    "kpi_milestones",
    "port_throughput_monthly",
)
TABLES_AFTER_VERDICT = ("releases", "release_changes", "check_results")
PUBLIC_TABLES = GATED_TABLES + TABLES_AFTER_VERDICT

SAMPLE_NOTE = "SAMPLE data: partners, ships and voyages are fictional."
PUBLIC_CHECK_COLUMNS = (
    "layer",
    "check_name",
    "target",
    "severity",
    "verdict",
    "observed",
    "expected",
    "failing_count",
    "message",
)


class ReleaseEntry(NamedTuple):
    """What the table `releases` has of the release that is being made."""

    release_id: str
    clock: RunClock
    code_version: str


def disclose(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fill the tables that the gate checks, from the candidate's own copy of fct_kpi and its contributions.

    con: `warehouse` (read) and `kpis` (in use, empty), as candidate.connect gives them, after `find_unsafe_cells`,
    outside a transaction.
    """
    # Imported here because SciPy is slow to import.
    from orchestration.release.disclosure.suppress import suppress

    # Before the transaction: DuckDB plans joins of uncommitted rows without their number.
    suppress(con)
    with transaction(con):
        _fill(con, settings)


def _fill(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    corridor = {"corridor_id": settings.corridor.id}
    create_public_tables(con)
    con.execute(sql_of("release/disclosure/sql/publish_cells"))
    con.execute(
        "insert into kpi.kpi_definitions by name "
        "select $corridor_id as corridor_id, * from warehouse.marts.dim_kpi order by display_order",
        corridor,
    )
    _make_latest(con)
    tables = settings.lake / "corridor"
    con.execute(sql_of("release/sql/progress"), {**corridor, "targets": str(tables / "targets.parquet")})
    milestones = {"milestones": str(tables / "milestones.parquet"), "run": str(tables / "run.parquet")}
    con.execute(sql_of("release/sql/milestones"), {**corridor, **milestones})
    con.execute(sql_of("release/sql/throughput"), corridor)
    if settings.corridor.sample:
        _mark_as_sample(con)


def find_unsafe_cells(
    con: duckdb.DuckDBPyConnection,
    p: float,
    waivers: Iterable[Waiver] = (),
    earlier: Iterable[Path] = (),
    store: Path | None = None,
) -> None:
    """Apply the p % rule to every cell of the candidate and of earlier releases, in temporary tables.

    Args:
        con: `warehouse` (read), outside a transaction.
        p: Percent of the largest contributor within which nobody may estimate it. It is bound to the SQL and never
            stored.
        waivers: Those that are valid on the as-of day.
        earlier: Folders of published releases, which anybody may have copied.
        store: The file that earlier releases are copied into for the next run, if any.

    Raises:
        CorridorError: An earlier release or the store cannot be read.
    """
    con.execute("create or replace temp table waivers (holding_id varchar, kpi_id varchar)")
    for waiver in waivers:
        con.execute("insert into waivers values (?, ?)", [waiver.holding, waiver.kpi_id])
    con.execute(sql_of("release/disclosure/sql/contributions"))
    add_earlier_releases(con, earlier, store)
    con.execute(sql_of("release/disclosure/sql/primary_suppression"), {"p": p})
    con.execute(sql_of("release/disclosure/sql/cell_suppression"))


def create_public_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create all public tables, empty and described, except kpi_latest, which is made with its rows."""
    con.execute(sql_of("release/sql/schema_gated"))
    con.execute(sql_of("release/sql/schema_after_verdict"))


def record_decision(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    entry: ReleaseEntry,
    checks: Iterable[CheckResult],
    identifiers: frozenset[str],
) -> None:
    """Fill the tables written after the gate's decision: releases, release_changes and check_results.

    Args:
        con: As candidate.connect gives it, writable.
        settings: Of the home.
        entry: The release.
        checks: Of every layer. Those that concern a submission or contain an identifier are not published.
        identifiers: Of the input.
    """
    previous_id = current_id(settings.releases)
    if previous_id:
        previous = ReleasesRoot(settings.releases).release(previous_id).kpis
        con.execute(f"attach {quoted(previous)} as previous (read_only)")
        con.execute("insert into kpi.releases by name from previous.kpi.releases")
        con.execute(sql_of("release/sql/changes"), {"release_id": entry.release_id, "previous_release_id": previous_id})
        con.execute("detach previous")
    _record_withdrawals(con, settings.releases)
    corridor = settings.corridor
    now = entry.clock.now.replace(tzinfo=None)
    about = [corridor.name, corridor.contact, corridor.sample, entry.clock.as_of, now, entry.code_version]
    con.execute(
        "insert into kpi.releases values (?, ?, ?, ?, ?, ?, ?, ?, null, null)", [corridor.id, entry.release_id, *about]
    )
    rows = _public_checks(checks, identifiers)
    if rows:
        slots = f"({', '.join('?' for _ in range(2 + len(PUBLIC_CHECK_COLUMNS)))})"
        values = [value for row in rows for value in (corridor.id, entry.release_id, *row)]
        con.execute(f"insert into kpi.check_results values {', '.join([slots] * len(rows))}", values)
    con.execute(sql_of("release/sql/compared"), {"corridor_id": corridor.id, "release_id": entry.release_id})


def _record_withdrawals(con: duckdb.DuckDBPyConnection, releases: Path) -> None:
    """Mark withdrawn releases. One that the current release does not list is added from its own public file."""
    for withdrawal in withdrawals(releases):
        file = ReleasesRoot(releases).release(withdrawal.release_id).kpis
        if file.is_file():
            con.execute(f"attach {quoted(file)} as withdrawn (read_only)")
            con.execute(
                "insert into kpi.releases by name from withdrawn.kpi.releases as own "
                "where release_id = ? and release_id not in (select release_id from kpi.releases)",
                [withdrawal.release_id],
            )
            con.execute("detach withdrawn")
        con.execute(
            "update kpi.releases set withdrawn_at = ?, withdrawal_reason = ? where release_id = ?",
            [naive(withdrawal.withdrawn_at), withdrawal.reason, withdrawal.release_id],
        )


def _public_checks(checks: Iterable[CheckResult], identifiers: frozenset[str]) -> list[list[object]]:
    rows = [
        [getattr(check, column) for column in PUBLIC_CHECK_COLUMNS]
        for check in checks
        if check.layer != "contract" and check.submission_id is None
    ]
    find = finder(identifiers)
    rows = [row for row in rows if not find(SEPARATOR.join(map(str, row)))]
    return sorted(rows, key=lambda row: [str(value) for value in row])


def _make_latest(con: duckdb.DuckDBPyConnection) -> None:
    """Make kpi_latest: one column for each KPI of the whole corridor, by the KPI's default method."""
    kpis = con.execute(
        """
        select kpi_id, name, unit from kpi.kpi_definitions
        where list_contains(string_split(dimensions, ';'), 'corridor') order by display_order
        """
    ).fetchall()
    columns = ",\n".join(f"max(value) filter (kpi_id = '{kpi_id}') as \"{kpi_id}\"" for kpi_id, _, _ in kpis)
    con.execute(
        f"""
        create table kpi.kpi_latest as
        select corridor_id, period_grain, period_start, period_end{"," if columns else ""} {columns}
        from kpi.kpi_values inner join kpi.kpi_definitions using (corridor_id, kpi_id)
        where dimension = 'corridor' and method_id = split_part(method_ids, ';', 1)
        group by all order by all
        """
    )
    comments = {
        "corridor_id": "Which corridor.",
        "period_grain": "Length of the period: month, quarter or year.",
        "period_start": "First day of the period.",
        "period_end": "Last day of the period.",
        **{kpi_id: f"{name}. [{unit}]" for kpi_id, name, unit in kpis},
    }
    for column, text in comments.items():
        con.execute(f'comment on column kpi.kpi_latest."{column}" is {quoted(text)}')
    con.execute(
        "comment on table kpi.kpi_latest is 'One row per period, one column per KPI of the whole corridor by its "
        "default method; why a figure is blank stands in kpi_values.'"
    )


def _mark_as_sample(con: duckdb.DuckDBPyConnection) -> None:
    tables = con.execute(
        "select table_name, comment from duckdb_tables() where database_name = 'kpis' and schema_name = 'kpi'"
    ).fetchall()
    for table, comment in tables:
        con.execute(f"comment on table kpi.{table} is {quoted(f'{SAMPLE_NOTE} {comment}')}")
