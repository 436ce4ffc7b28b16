"""What releases published before have shown, and who added to it: each is read once and kept in one file.

Belongs here: that file, which is a copy in the working folder and may be deleted; it names holdings.
Does not belong here: what follows for the candidate (disclose), how long a release is kept (retention).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.core.errors import CorridorError
from orchestration.core.query import quoted, sql_of
from orchestration.release.retention import contributions_of

# In this order they are dropped: what is cut off in between is not taken for whole.
TABLES = ("made_with", "known_releases", "contributed_tables", "contributed", "shown_before")


def look_back(con: duckdb.DuckDBPyConnection, earlier: Iterable[Path], copy: Path | None = None) -> None:
    """Add what earlier releases showed to what the candidate adds: to `contributed`, and as `shown_before`.

    con: as `contributed.sql` leaves it, outside a transaction. earlier: folders of published releases.
    copy: where to keep what is read; without one it is read and forgotten.
    Raises CorridorError when a release or the copy cannot be read.
    """
    releases = {release.name: release for release in earlier}
    if copy is None:
        con.execute("attach ':memory:' as known")
    else:
        copy.parent.mkdir(parents=True, exist_ok=True)
        _attach(con, copy, "known", "It is a copy: delete it, and it is made again.", mode="read_write")
    con.execute(sql_of("release/disclosure/sql/known"))
    made_with = _made_with(con)
    known = {release_id for (release_id,) in con.execute("from known.known_releases").fetchall()}
    # A release that is no longer there has gone with all of its history: its id may stand for another one.
    if con.execute("from known.made_with").fetchall() != [(made_with,)] or not known <= releases.keys():
        known = set()
        for table in TABLES:
            con.execute(f"drop table known.{table}")
        con.execute(sql_of("release/disclosure/sql/known"))
        con.execute("insert into known.made_with values (?)", [made_with])
    for release_id, release in releases.items():
        if release_id not in known:
            _take_in(con, release)
    con.execute(sql_of("release/disclosure/sql/recall"))
    con.execute("detach known")


def _take_in(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    advice = "Disclosure control has to know every figure that was ever published: restore it from a backup."
    _attach(con, contributions_of(release), "earlier", advice)
    _attach(con, release / "public" / "kpis.duckdb", "earlier_kpis", advice)
    con.execute(f"set variable release_id = {quoted(release.name)}")
    con.execute(sql_of("release/disclosure/sql/contributed_before"))
    con.execute("detach earlier; detach earlier_kpis")


def _attach(con: duckdb.DuckDBPyConnection, file: Path, name: str, advice: str, mode: str = "read_only") -> None:
    try:
        con.execute(f"attach {quoted(file)} as {name} ({mode})")
    except duckdb.Error as error:
        raise CorridorError(f"{file} cannot be read. {advice} DuckDB says: {error}") from None


def _made_with(con: duckdb.DuckDBPyConnection) -> str:
    """Digest of all that what is kept depends on beside the releases themselves."""
    definitions = con.execute("select kpi_id, unit, disclosure from warehouse.seeds.kpi_definitions order by all")
    statements = [sql_of(f"release/disclosure/sql/{name}") for name in ("known", "contributed", "contributed_before")]
    return hashlib.sha256(repr((duckdb.__version__, statements, definitions.fetchall())).encode()).hexdigest()
