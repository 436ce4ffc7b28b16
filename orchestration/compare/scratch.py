"""A home of its own in a temporary folder, with just the inputs that are asked for, and the SQL run over it.

Belongs here: laying the inputs out by links, running dbt there without its tests.
Does not belong here: which inputs (recorded, steps), what is made of the figures.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.compare.recorded import Inputs
from orchestration.core.code_version import code_version
from orchestration.core.errors import CorridorError
from orchestration.core.lake import Lake
from orchestration.core.query import quoted
from orchestration.core.settings import DBT_PROJECT_DIR, Settings
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.intake import write_intake_index
from orchestration.submissions.receipt import Receipt
from orchestration.warehouse.dbt_command import BUILT, run_dbt

DATA_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Scratch:
    """Where a release or its KPIs are computed anew. source: the lake that inputs are linked from, never written to."""

    home: Path
    source: Lake
    project_dir: Path

    def settings(self, inputs: Inputs) -> Settings:
        """Return the settings of the scratch home with the corridor.toml of these inputs."""
        return Settings(home=self.home, file=inputs.file)

    def lay_out(self, inputs: Inputs) -> Settings:
        """Fill the scratch lake with these inputs, which the source has, and no others; the warehouse stays as it was.

        What was received later on the same day does not count either: the ids decide, not the day.
        """
        settings = self.settings(inputs)
        shutil.rmtree(settings.lake, ignore_errors=True)
        lake = Lake(settings.lake)
        lake.write_schemas(CONTRACTS.values(), [source.id for source in inputs.file.sources])
        for submission in inputs.submissions:
            if submission.is_accepted and submission.dataset:
                place = submission.dataset, submission.submission_id
                _link(self.source.accepted_path(*place), lake.accepted_path(*place))
                if self.source.rejected_path(*place).exists():
                    _link(self.source.rejected_path(*place), lake.rejected_path(*place))
        for vintage in inputs.vintages:
            page = vintage.source_id, vintage.page, vintage.vintage_at
            _link(self.source.vintage_path(*page), lake.vintage_path(*page))
        receipts = [self.source.receipt_path(submission.submission_id) for submission in inputs.submissions]
        write_intake_index(lake, [Receipt(**json.loads(path.read_bytes())) for path in receipts])
        lake.write_corridor(settings, inputs.clock, code_version())
        return settings

    def build(self, settings: Settings) -> None:
        """All seeds and models, as a run builds them."""
        self._dbt(settings, "build", *DATA_ONLY)

    def seed(self, settings: Settings) -> None:
        """Load the seeds of the project into the scratch warehouse."""
        self._dbt(settings, "seed")

    def compute_kpis(self, settings: Settings) -> None:
        """marts.fct_kpi and what it needs, from the seeds that are there."""
        self._dbt(settings, "run", "--select", "+fct_kpi")

    def take_seeds(self, settings: Settings, warehouse: Path, names: Iterable[str]) -> None:
        """Put these seeds of a release's warehouse in the place of the project's, where they have the same columns."""
        with duckdb.connect() as con:
            con.execute(f"attach {quoted(settings.warehouse)} as scratch; use scratch")
            con.execute(f"attach {quoted(warehouse)} as release (read_only)")
            theirs, ours = seed_columns(con, "release"), seed_columns(con, "scratch")
            for name in names:
                if name in theirs and theirs[name] == ours[name]:
                    con.execute(f'create or replace table seeds."{name}" as from release.seeds."{name}"')
            con.execute("use memory")

    def _dbt(self, settings: Settings, *command: str) -> None:
        results = run_dbt(settings, list(command), self.project_dir)
        failed = [f"{r.name}: {r.message}" for r in results if r.status not in BUILT]
        if failed or not results:
            raise CorridorError(
                f"Today's code cannot compute these inputs (dbt {command[0]}):\n" + "\n".join(failed or ["no results"])
            )


@contextmanager
def scratch_home(source: Lake, project_dir: Path = DBT_PROJECT_DIR) -> Iterator[Scratch]:
    """A scratch home that is gone when the block ends. It lies where the system keeps temporary files (TMPDIR)."""
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder:
        yield Scratch(Path(folder), source, project_dir)


def seed_columns(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[tuple[str, str]]]:
    """(name, type) of the columns of each seed that a database holds."""
    rows = con.execute(
        "select table_name, list((column_name, data_type) order by column_index) from duckdb_columns() "
        f"where database_name = {quoted(database)} and schema_name = 'seeds' group by table_name"
    ).fetchall()
    return dict(rows)


def _link(target: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target.resolve())
