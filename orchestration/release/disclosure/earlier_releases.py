"""What earlier releases published, and who contributed to it: each is read once and copied into one file.

Belongs here: that file. It is a copy in the working folder, may be deleted, and names holdings.
Does not belong here: what follows for the candidate (suppress, audit), how long a release is stored (retention).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.core.query import quoted, sql_of
from orchestration.release.release_folder import ReleaseFolder
from orchestration.release.retention import contributions_of

# `version` is dropped first, so that an interrupted drop is not mistaken for a complete store.
TABLES = ("version", "releases", "contribution_tables", "contributions", "published_cells")


def add_earlier_releases(con: duckdb.DuckDBPyConnection, earlier: Iterable[Path], store: Path | None = None) -> None:
    """Add the contributions of earlier releases to `contributions`, and their cells as `published_before`.

    Args:
        con: As `contributions.sql` leaves it, outside a transaction.
        earlier: Folders of published releases.
        store: The file that the releases are copied into. Without one they are read again each time.

    Raises:
        CorridorError: A release or the store cannot be read.
    """
    releases = {release.name: release for release in earlier}
    if store is None:
        con.execute("attach ':memory:' as store")
    else:
        store.parent.mkdir(parents=True, exist_ok=True)
        _attach(con, store, "store", "It is a copy: delete it, and the next run makes it again.", mode="read_write")
    con.execute(sql_of("release/disclosure/sql/earlier_cells"))
    made_with = _digest_of_code(con)
    stored = {release_id for (release_id,) in con.execute("from store.releases").fetchall()}
    # After a release was deleted, another one may have its id.
    if con.execute("from store.version").fetchall() != [(made_with,)] or not stored <= releases.keys():
        stored = set()
        for table in TABLES:
            con.execute(f"drop table store.{table}")
        con.execute(sql_of("release/disclosure/sql/earlier_cells"))
        con.execute("insert into store.version values (?)", [made_with])
    for release_id, release in releases.items():
        if release_id not in stored:
            _read_release(con, release_id, ReleaseFolder(release))
    con.execute(sql_of("release/disclosure/sql/add_earlier_cells"))
    con.execute("detach store")


def _read_release(con: duckdb.DuckDBPyConnection, release_id: str, release: ReleaseFolder) -> None:
    advice = "Disclosure control needs every figure that was ever published: restore the file from a backup."
    _attach(con, contributions_of(release), "earlier", advice)
    _attach(con, release.kpis, "earlier_kpis", advice)
    con.execute(f"set variable release_id = {quoted(release_id)}")
    con.execute(sql_of("release/disclosure/sql/read_earlier_release"))
    con.execute("detach earlier; detach earlier_kpis")


def _attach(con: duckdb.DuckDBPyConnection, file: Path, name: str, advice: str, mode: str = "read_only") -> None:
    try:
        con.execute(f"attach {quoted(file)} as {name} ({mode})")
    except duckdb.Error as error:
        raise CorridorError(f"{file} cannot be read. {advice} DuckDB says: {error}") from None


def _digest_of_code(con: duckdb.DuckDBPyConnection) -> str:
    """Return a digest of everything that the stored copy depends on, except the releases themselves."""
    definitions = con.execute("select kpi_id, unit, disclosure from warehouse.seeds.kpi_definitions order by all")
    names = ("earlier_cells", "contributions", "read_earlier_release")
    statements = [sql_of(f"release/disclosure/sql/{name}") for name in names]
    return hashlib.sha256(repr((duckdb.__version__, statements, definitions.fetchall())).encode()).hexdigest()
