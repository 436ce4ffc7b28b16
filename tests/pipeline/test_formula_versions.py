"""A KPI whose formula or figures change raises its formula_version, unless the sample or a factor made the change.

formula_versions.csv is a ledger: lines are added and never changed. A line has the digests of a KPI version's formula
text, of its inputs (committed data and factor seeds), and of its yearly figures.
"""

import csv
import hashlib
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from orchestration.core.settings import DBT_PROJECT_DIR, PROJECT_ROOT
from tests.pipeline.conftest import COMMITTED, Published

FORMULAS = ("kpi_definitions.csv", "kpi_terms.csv", "kpi_words.csv")
LEDGER = Path(__file__).with_name("formula_versions.csv")
Line = tuple[str, str, str, str, str]
COMPUTED = """
    with figures as (
        select kpi_id, md5(string_agg(
            concat_ws(' ', method_id, period_start, dimension_value, format('{:.7e}', numerator),
                format('{:.7e}', denominator), format('{:.7e}', value)),
            ';' order by method_id, period_start, dimension, dimension_value
        )) as digest
        from marts.fct_kpi
        where period_grain = 'year' and variant = 'measured' and (numerator is not null or denominator is not null)
        group by kpi_id
    )
    select kpi_id, cast(formula_version as varchar), left(md5(formula), 12), $inputs,
        left(coalesce(figures.digest, 'none'), 12)
    from marts.dim_kpi left join figures using (kpi_id) order by kpi_id
"""


def inputs_digest() -> str:
    """Return a digest of everything that figures are made from, except formulas and recipes."""
    seeds = [path for path in (DBT_PROJECT_DIR / "seeds").rglob("*.csv") if path.name not in FORMULAS]
    data = [PROJECT_ROOT / "data" / name for name in COMMITTED]
    files = [file for place in data for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    digest = hashlib.sha256()
    for path in sorted([*seeds, *files]):
        digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="module")
def ledger() -> list[Line]:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1], row[2], row[3], row[4]) for row in list(csv.reader(file))[1:]]


def test_every_kpi_is_in_the_ledger_with_its_current_figures(published: Published, ledger: list[Line]) -> None:
    warehouse = published.home / "releases" / "current" / "internal" / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        computed: list[Line] = con.execute(COMPUTED, {"inputs": inputs_digest()}).fetchall()
    missing = [line for line in computed if line not in ledger]
    unversioned = [line[0] for line in missing if contradicts(line, ledger)]
    assert not unversioned, f"Figures or formula text changed under the same formula_version; raise it: {unversioned}"
    assert not missing, "Add to tests/pipeline/formula_versions.csv:\n" + "\n".join(map(",".join, missing))


def contradicts(line: Line, ledger: list[Line]) -> bool:
    """Return whether the ledger has this version with another formula, or with other figures for the same inputs."""
    kpi_id, version, formula, inputs, figures = line
    same = [recorded for recorded in ledger if recorded[:2] == (kpi_id, version)]
    return any(recorded[2] != formula or (recorded[3] == inputs and recorded[4] != figures) for recorded in same)


def test_each_version_in_the_ledger_has_one_formula_and_one_figure(ledger: list[Line]) -> None:
    formulas, figures = defaultdict(set), defaultdict(set)
    for kpi_id, version, formula, inputs, figure in ledger:
        formulas[kpi_id, version].add(formula)
        figures[kpi_id, version, inputs].add(figure)
    assert [key for key, found in formulas.items() if len(found) > 1] == []
    assert [key for key, found in figures.items() if len(found) > 1] == []


def test_changed_formula_and_changed_input_are_distinguished() -> None:
    recorded: list[Line] = [("k", "1", "words", "inputs", "figures")]
    assert contradicts(("k", "1", "words", "inputs", "others"), recorded)
    assert contradicts(("k", "1", "other words", "new inputs", "others"), recorded)
    assert not contradicts(("k", "1", "words", "new inputs", "others"), recorded)
    assert not contradicts(("k", "2", "other words", "inputs", "others"), recorded)
