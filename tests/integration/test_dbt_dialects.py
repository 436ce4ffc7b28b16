"""Every model and data test that dbt compiled is SQL that DuckDB and Spark can both parse.

Belongs here: the syntax of compiled SQL. Does not belong here: functions and types, see test_sql_portability.
"""

import pytest
import sqlglot

from orchestration.core.settings import Settings


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_compiled_sql_parses(empty_home: Settings, dialect: str) -> None:
    folder = empty_home.warehouse_dir / "dbt" / "target" / "compiled"
    # Hooks may compile to nothing.
    compiled = sorted(path for path in folder.rglob("*.sql") if "hooks" not in path.parts)
    assert compiled
    for path in compiled:
        assert sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect=dialect), path.name
