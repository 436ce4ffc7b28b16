"""A release candidate, built aside: the analysts' warehouse copied, the public KPIs disclosed from it.

Belongs here: the folder of a candidate, its two database files, the copy of the marts.
Does not belong here: what may be published (disclose), the verdict (quality), making it visible (swap).
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.clock import RunClock
from orchestration.core.corridor_file import Waiver
from orchestration.core.errors import CorridorError
from orchestration.core.query import ONE_THREAD, quoted, transaction
from orchestration.core.settings import Settings
from orchestration.release import swap
from orchestration.release.dbt_docs import link_dbt_docs
from orchestration.release.disclosure.disclose import (
    TABLES_AFTER_VERDICT,
    ReleaseEntry,
    disclose,
    find_unsafe_cells,
    record_decision,
)
from orchestration.release.exports import export_release
from orchestration.release.manifest import write_manifest
from orchestration.release.release_folder import ReleaseFolder
from orchestration.release.table_digest import digests_of

COPIED_SCHEMAS = ("marts", "seeds")
# The oldest format that DuckDB 1.1 and newer all open.
STORAGE_VERSION = "v1.0.0"
WRITABLE = f"storage_version '{STORAGE_VERSION}'"
# Trying it takes a quarter of the time to write, and saves a thirtieth of the size. Without effect in `config`.
WITHOUT_FSST = "set disabled_compression_methods = 'fsst'"

AUDIT = "suppressed_cells_cannot_be_narrowed"
# In the working folder.
EARLIER_CELLS = "earlier_cells.duckdb"
ADVICE = "Everything published tells more of a suppressed cell than it may; see release/disclosure."
LISTED = 10


@dataclass(frozen=True)
class Candidate(ReleaseFolder):
    """A folder under `releases/` that nobody reads yet, and the id it will have."""

    release_id: str


@dataclass(frozen=True)
class Origin:
    """What a candidate was made from.

    Attributes:
        inputs_digest: digest of the inputs, configuration and code that a later run compares with its own.
        code_version: the version of the code.
    """

    inputs_digest: str
    code_version: str


def build_candidate(settings: Settings, clock: RunClock, p: float) -> Candidate:
    """Copy the marts of the working warehouse and, meanwhile, disclose the public KPIs from it.

    That the copy is what was disclosed from follows from the gate's proof: both are the tables that dbt tested.
    p: the parameter of the p % rule in percent; it is written nowhere.
    Raises CorridorError when the working warehouse is missing or not a complete one.
    """
    if not settings.warehouse.is_file():
        raise CorridorError(f"{settings.warehouse} does not exist: a release is built from it. Run `corridor run`.")
    settings.releases.mkdir(parents=True, exist_ok=True)
    swap.clean_leftovers(settings.releases)
    release_id = swap.next_release_id(settings.releases, clock.as_of)
    candidate = Candidate(settings.releases / f"{swap.BUILDING}{release_id}", release_id)
    candidate.internal.mkdir(parents=True)
    candidate.public.mkdir()
    with ThreadPoolExecutor(1) as beside:
        disclosed = beside.submit(_disclose, candidate, settings, clock, p)
        _copy_warehouse(settings.warehouse, candidate.warehouse)
        disclosed.result()
    return candidate


def audit_candidate(candidate: Candidate, settings: Settings, clock: RunClock, p: float) -> CheckResult:
    """What a reader could work out of the candidate and the releases before it, as a check of the gate.

    p: as for `build_candidate`. An audit that could not be carried out is an errored check, which blocks.
    """
    # Imported here because SciPy is slow to import.
    from orchestration.release.disclosure.audit import underprotected_cells

    try:
        with connect(candidate) as con:
            find_unsafe_cells(con, p, *_public_knowledge(settings, clock))
            found = underprotected_cells(con)
    except (CorridorError, duckdb.Error, RuntimeError, ValueError) as error:
        message = f"The audit could not be carried out, so nothing is known: {error} Run again."
        return CheckResult(AUDIT, candidate.release_id, "block", "errored", None, "none", None, message)
    listed = ", ".join(found[:LISTED]) + (f" and {len(found) - LISTED} more" if len(found) > LISTED else "")
    return CheckResult(
        check_name=AUDIT,
        target="kpis.kpi.kpi_values",
        severity="block",
        verdict="failed" if found else "passed",
        observed=f"{len(found)} cells" if found else "none",
        expected="none",
        failing_count=len(found),
        message=f"{ADVICE} Look at: {listed}." if found else "",
    )


def complete_candidate(
    candidate: Candidate,
    settings: Settings,
    clock: RunClock,
    *,
    origin: Origin,
    checks: Sequence[CheckResult],
    identifiers: frozenset[str],
) -> Iterator[Path]:
    """Record the decision, yield each public artefact once it is written, and write the manifest last.

    Args:
        candidate: the candidate that the gate decided to publish.
        settings: the settings of the home.
        clock: the clock of the run.
        origin: the inputs and the code that made the candidate.
        checks: the results of every layer, passed or not, with the approvals that the decision rests on.
        identifiers: the identifiers of the input; a check result that names one stays internal.
    """
    entry = ReleaseEntry(candidate.release_id, clock, origin.code_version)
    with connect(candidate, writable=True) as con:
        record_decision(con, settings, entry, checks, identifiers)
    yield candidate.kpis
    yield from export_release(candidate)
    link_dbt_docs(settings, origin.code_version, candidate)
    approvals = [check.approval for check in checks if check.approval]
    write_manifest(candidate, settings, entry, inputs_digest=origin.inputs_digest, approvals=approvals)


def _public_knowledge(settings: Settings, clock: RunClock) -> tuple[list[Waiver], list[Path], Path]:
    """The waivers that hold on the day, the releases that anybody may have kept, and the place for a copy of those."""
    published = [r.path for r in swap.list_releases(settings.releases) if r.state != swap.REFUSED]
    return settings.file.waivers_on(clock.as_of), published, settings.warehouse_dir / EARLIER_CELLS


@contextmanager
def connect(candidate: Candidate, *, writable: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The candidate's two files as `warehouse` (always read-only) and `kpis` (the public one, in use)."""
    with _attached(candidate.warehouse, candidate.kpis, WRITABLE if writable else "read_only") as con:
        yield con


@contextmanager
def _attached(warehouse: Path, kpis: Path, mode: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config=ONE_THREAD) as con:
        con.execute(WITHOUT_FSST)
        con.execute(f"attach {quoted(warehouse)} as warehouse (read_only)")
        con.execute(f"attach {quoted(kpis)} as kpis ({mode})")
        con.execute("use kpis")
        yield con
        con.execute("use memory")


def attest(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The digest of every table of a candidate that stands before the verdict, by its name in SQL. con: as connect."""
    found = {
        f"{database}.{name}": digest
        for database, schemas in (("kpis", ("kpi",)), ("warehouse", COPIED_SCHEMAS))
        for name, digest in digests_of(con, database, schemas).items()
    }
    return {name: digest for name, digest in found.items() if name.rpartition(".")[2] not in TABLES_AFTER_VERDICT}


def _disclose(candidate: Candidate, settings: Settings, clock: RunClock, p: float) -> None:
    with _attached(settings.warehouse, candidate.kpis, WRITABLE) as con:
        find_unsafe_cells(con, p, *_public_knowledge(settings, clock))
        disclose(con, settings)


def _copy_warehouse(working: Path, copy: Path) -> None:
    with duckdb.connect(config=ONE_THREAD) as con:
        con.execute(WITHOUT_FSST)
        con.execute(f"attach {quoted(working)} as working (read_only)")
        con.execute(f"attach {quoted(copy)} as warehouse ({WRITABLE})")
        with transaction(con):
            for statement in _copy_statements(con):
                con.execute(statement)
    copy.chmod(0o640)


def _copy_statements(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables, then their descriptions."""
    tables = con.execute(
        """
        select table_schema, table_name from information_schema.tables
        where table_catalog = 'working' and list_contains(?, table_schema) order by all
        """,
        [list(COPIED_SCHEMAS)],
    ).fetchall()
    if ("marts", "fct_kpi") not in tables:
        raise CorridorError("The working warehouse has no table marts.fct_kpi: it is unfinished. Run `corridor run`.")
    return [
        *(f"create schema warehouse.{schema}" for schema in COPIED_SCHEMAS),
        *(f'create table warehouse.{schema}."{name}" as from working.{schema}."{name}"' for schema, name in tables),
        *_comments(con),
        _published_macro(con),
    ]


def _comments(con: duckdb.DuckDBPyConnection) -> list[str]:
    described = con.execute(
        """
        with entities as (
            select schema_name, table_name, comment from duckdb_tables() where database_name = 'working'
            union all
            select schema_name, view_name, comment from duckdb_views() where database_name = 'working'
        )
        select 'table', format('{}."{}"', schema_name, table_name), comment from entities
        where comment is not null and list_contains($schemas, schema_name)
        union all
        select 'column', format('{}."{}"."{}"', schema_name, table_name, column_name), comment from duckdb_columns()
        where comment is not null and database_name = 'working' and list_contains($schemas, schema_name)
        order by all
        """,
        {"schemas": list(COPIED_SCHEMAS)},
    ).fetchall()
    return [f"comment on {kind} warehouse.{name} is {quoted(comment)}" for kind, name, comment in described]


def _published_macro(con: duckdb.DuckDBPyConnection) -> str:
    """The rounding of published figures travels with the numbers, so that it has one definition."""
    found = con.execute(
        """
        select array_to_string(parameters, ', '), macro_definition from duckdb_functions()
        where database_name = 'working' and function_name = 'published'
        """
    ).fetchone()
    if found is None:
        raise CorridorError("The working warehouse has no macro published(x): dbt makes it when it starts.")
    return f"create macro warehouse.main.published({found[0]}) as {found[1]}"
