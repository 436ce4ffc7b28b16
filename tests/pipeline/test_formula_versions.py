"""A KPI whose formula or figures change says so: a new formula_version, or a reason that is no formula.

formula_versions.csv holds, for each KPI, its version with a digest of the formula's text and of its yearly figures
on the committed input. A changed factor or sample changes figures too: then the new lines go in with that change.
"""

import csv
from pathlib import Path

import duckdb

from tests.pipeline.conftest import Published

RECORDED = Path(__file__).with_name("formula_versions.csv")
VERSIONS = """
    with figures as (
        select kpi_id, md5(string_agg(
            concat_ws(' ', method_id, period_start, dimension_value, format('{:.7e}', numerator),
                format('{:.7e}', denominator), format('{:.7e}', value)),
            ';' order by method_id, period_start, dimension, dimension_value
        )) as digest
        from marts.fct_kpi where period_grain = 'year' and variant = 'measured' group by kpi_id
    )
    select kpi_id, cast(formula_version as varchar) as formula_version, left(md5(formula), 12) as formula,
        left(coalesce(figures.digest, 'none'), 12) as figures
    from seeds.kpi_definitions left join figures using (kpi_id) order by kpi_id
"""


def test_a_formula_changes_only_with_its_version(published: Published) -> None:
    warehouse = published.home / "releases" / "current" / "internal" / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        computed = {row[0]: row for row in con.execute(VERSIONS).fetchall()}
    with RECORDED.open(encoding="utf-8", newline="") as file:
        recorded = {row[0]: tuple(row) for row in list(csv.reader(file))[1:]}
    changed = [row for kpi_id, row in computed.items() if recorded.get(kpi_id) != row]
    silent = [row[0] for row in changed if row[:2] == recorded.get(row[0], ())[:2]]
    lines = "\n".join(",".join(row) for row in changed)
    assert not changed, (
        f"Changed under the same formula_version: {', '.join(silent) or 'none'}. Raise the version of a changed "
        f"formula in seed kpi_definitions; then, or when a factor or the sample is the cause, record:\n{lines}"
    )
    assert recorded.keys() == computed.keys(), f"Recorded, but no KPI: {recorded.keys() - computed.keys()}"
