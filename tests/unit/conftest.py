"""What the tests of disclosure start from."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.core.settings import Settings
from tests.support.release_home import in_memory, make_home


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as con:
        yield con
