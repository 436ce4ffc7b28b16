"""A release candidate: a copy of the marts, and the public KPIs disclosed from them.

Belongs here: the steps from the working warehouse to a complete candidate, and its two database files.
Does not belong here: what may be published (`disclosure/`), the decision (`gate/`), publication (`swap.py`).
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
# The oldest format that every DuckDB from 1.1 on can open.
STORAGE_VERSION = "v1.0.0"
WRITABLE = f"storage_version '{STORAGE_VERSION}'"
# FSST takes a quarter of the writing time and saves 3 % of the size. The setting has no effect in `config`.
WITHOUT_FSST = "set disabled_compression_methods = 'fsst'"

AUDIT = "suppressed_cells_cannot_be_narrowed"
# The file in the working folder into which earlier releases are copied for disclosure control.
EARLIER_CELLS = "earlier_cells.duckdb"
UNDERPROTECTED = (
    "From everything published, a reader can estimate suppressed cells more closely than their protection level "
    "allows. Correct the suppression in release/disclosure."
)
CELLS_LISTED = 10


@dataclass(frozen=True)
class Candidate(ReleaseFolder):
    """A release that is built but not published.

    Attributes:
        release_id: The id that it gets when it is published or refused.
    """

    release_id: str


@dataclass(frozen=True)
class Origin:
    """The inputs and the code that a candidate was made from.

    Attributes:
        inputs_digest: The digest of inputs, configuration and code, which the next run compares with its own.
        code_version: The version of the code.
    """

    inputs_digest: str
    code_version: str


def build_candidate(settings: Settings, clock: RunClock, p: float) -> Candidate:
    """Copy the marts of the working warehouse and disclose the public KPIs from it.

    Both happen at the same time. The gate proves later that both used the same tables: those that dbt tested.

    Args:
        settings: The home.
        clock: The clock of the run.
        p: The parameter of the p % rule in percent. It is confidential and never stored.

    Raises:
        CorridorError: The working warehouse is missing or incomplete, or an earlier release cannot be read.
    """
    if not settings.warehouse.is_file():
        raise CorridorError(
            f"There is no working warehouse to build a release from: expected {settings.warehouse}. "
            "Make it with `corridor run`."
        )
    settings.releases.mkdir(parents=True, exist_ok=True)
    swap.clean_leftovers(settings.releases)
    release_id = swap.next_release_id(settings.releases, clock.as_of)
    candidate = Candidate(settings.releases / f"{swap.BUILDING}{release_id}", release_id)
    candidate.internal.mkdir(parents=True)
    candidate.public.mkdir()
    with ThreadPoolExecutor(1) as executor:
        disclosed = executor.submit(_disclose, candidate, settings, clock, p)
        _copy_warehouse(settings.warehouse, candidate.warehouse)
        disclosed.result()
    return candidate


def audit_candidate(candidate: Candidate, settings: Settings, clock: RunClock, p: float) -> CheckResult:
    """Audit every suppressed cell against everything published, as a check of the gate.

    Args:
        candidate: The candidate.
        settings: The home.
        clock: The clock of the run.
        p: The parameter of the p % rule in percent.

    Returns:
        The check result. It is errored, which blocks, if the audit could not be carried out.
    """
    # Imported here because SciPy is slow to import.
    from orchestration.release.disclosure.audit import underprotected_cells

    try:
        with connect(candidate) as con:
            find_unsafe_cells(con, p, *_disclosure_inputs(settings, clock))
            cells = underprotected_cells(con)
    except (CorridorError, duckdb.Error, RuntimeError, ValueError) as error:
        message = f"The audit could not be carried out, so it proves nothing: {error} Run again."
        return CheckResult(AUDIT, candidate.release_id, "block", "errored", None, "none", None, message)
    listed = ", ".join(cells[:CELLS_LISTED])
    if len(cells) > CELLS_LISTED:
        listed += f" and {len(cells) - CELLS_LISTED} more"
    return CheckResult(
        check_name=AUDIT,
        target="kpis.kpi.kpi_values",
        severity="block",
        verdict="failed" if cells else "passed",
        observed=f"{len(cells)} cells" if cells else "none",
        expected="none",
        failing_count=len(cells),
        message=f"{UNDERPROTECTED} Cells: {listed}." if cells else "",
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
    """Record the decision, write the public artefacts, and write the manifest last.

    Each artefact is yielded once it is written.

    Args:
        candidate: The candidate that the gate decided to publish.
        settings: The home.
        clock: The clock of the run.
        origin: The inputs and the code that the candidate was made from.
        checks: All check results, with the approvals that the decision rests on.
        identifiers: The identifiers of the input. A check result that contains one is not published.
    """
    entry = ReleaseEntry(candidate.release_id, clock, origin.code_version)
    with connect(candidate, writable=True) as con:
        record_decision(con, settings, entry, checks, identifiers)
    yield candidate.kpis
    yield from export_release(candidate)
    link_dbt_docs(settings, origin.code_version, candidate)
    approvals = [check.approval for check in checks if check.approval]
    write_manifest(candidate, settings, entry, inputs_digest=origin.inputs_digest, approvals=approvals)


def _disclosure_inputs(settings: Settings, clock: RunClock) -> tuple[list[Waiver], list[Path], Path]:
    """Return the waivers in force, the earlier releases, and the file to copy those into."""
    published = [release.path for release in swap.list_releases(settings.releases) if release.state != swap.REFUSED]
    return settings.file.waivers_on(clock.as_of), published, settings.warehouse_dir / EARLIER_CELLS


@contextmanager
def connect(candidate: Candidate, *, writable: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the candidate's two files: `warehouse`, always read-only, and `kpis`, in use."""
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
    """Return the digest of every table that the gate checks, by name; con is that of `connect`."""
    digests = {
        f"{database}.{name}": digest
        for database, schemas in (("kpis", ("kpi",)), ("warehouse", COPIED_SCHEMAS))
        for name, digest in digests_of(con, database, schemas).items()
    }
    return {name: digest for name, digest in digests.items() if name.rpartition(".")[2] not in TABLES_AFTER_VERDICT}


def _disclose(candidate: Candidate, settings: Settings, clock: RunClock, p: float) -> None:
    with _attached(settings.warehouse, candidate.kpis, WRITABLE) as con:
        find_unsafe_cells(con, p, *_disclosure_inputs(settings, clock))
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
    """Return the statements that copy the tables, their descriptions and the macro."""
    tables = con.execute(
        """
        select table_schema, table_name from information_schema.tables
        where table_catalog = 'working' and list_contains(?, table_schema) order by all
        """,
        [list(COPIED_SCHEMAS)],
    ).fetchall()
    if ("marts", "fct_kpi") not in tables:
        raise CorridorError("The working warehouse is incomplete: it has no table marts.fct_kpi. Run `corridor run`.")
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
    """Return the statement that copies the macro that rounds published figures."""
    macro = con.execute(
        """
        select array_to_string(parameters, ', '), macro_definition from duckdb_functions()
        where database_name = 'working' and function_name = 'published'
        """
    ).fetchone()
    if macro is None:
        raise CorridorError(
            "The working warehouse is incomplete: it has no macro published(x), which dbt makes when it starts. "
            "Run `corridor run`."
        )
    return f"create macro warehouse.main.published({macro[0]}) as {macro[1]}"
