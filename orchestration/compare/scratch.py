"""A scratch home: a temporary home with chosen inputs, in which dbt computes KPIs.

Belongs here: linking the inputs into the scratch lake, and running dbt there without its tests.
Does not belong here: the choice of inputs (`recorded.py`, `steps.py`), or any comparison of figures.
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
    """A temporary home in which a release or its KPIs are computed.

    Attributes:
        home: The temporary folder.
        source: The lake that inputs are linked from; it is never written to.
        project_dir: The dbt project.
    """

    home: Path
    source: Lake
    project_dir: Path

    def settings(self, inputs: Inputs) -> Settings:
        """Return the settings of the scratch home with the corridor.toml of these inputs."""
        return Settings(home=self.home, file=inputs.file)

    def link_inputs(self, inputs: Inputs) -> Settings:
        """Fill the scratch lake with exactly these inputs; the scratch warehouse is not changed.

        Ids decide what belongs to the inputs, so a submission received later on the same day is left out.
        """
        settings = self.settings(inputs)
        shutil.rmtree(settings.lake, ignore_errors=True)
        lake = Lake(settings.lake)
        lake.write_schemas(CONTRACTS.values(), [source.id for source in inputs.file.sources])
        for submission in inputs.submissions:
            if submission.is_accepted and submission.dataset:
                key = submission.dataset, submission.submission_id
                _link(self.source.accepted_path(*key), lake.accepted_path(*key))
                if self.source.rejected_path(*key).exists():
                    _link(self.source.rejected_path(*key), lake.rejected_path(*key))
        for vintage in inputs.vintages:
            page = vintage.source_id, vintage.page, vintage.vintage_at
            _link(self.source.vintage_path(*page), lake.vintage_path(*page))
        receipts = [self.source.receipt_path(submission.submission_id) for submission in inputs.submissions]
        write_intake_index(lake, [Receipt(**json.loads(path.read_bytes())) for path in receipts])
        lake.write_corridor(settings, inputs.clock, code_version())
        return settings

    def build(self, settings: Settings) -> None:
        """Build all seeds and models, as a run does."""
        self._dbt(settings, "build", *DATA_ONLY)

    def seed(self, settings: Settings) -> None:
        """Load the seeds of the project into the scratch warehouse."""
        self._dbt(settings, "seed")

    def compute_kpis(self, settings: Settings) -> None:
        """Compute marts.fct_kpi and the models that it needs from the loaded seeds."""
        self._dbt(settings, "run", "--select", "+fct_kpi")

    def replace_seeds(self, settings: Settings, warehouse: Path, names: Iterable[str]) -> None:
        """Replace seeds by those of a release's warehouse, if they have the same columns.

        Args:
            settings: The settings of the scratch home.
            warehouse: The warehouse file of the release.
            names: The seeds to replace.
        """
        with duckdb.connect() as con:
            con.execute(f"attach {quoted(settings.warehouse)} as scratch; use scratch")
            con.execute(f"attach {quoted(warehouse)} as release (read_only)")
            of_release, of_project = seed_columns(con, "release"), seed_columns(con, "scratch")
            for name in names:
                if name in of_release and of_release[name] == of_project[name]:
                    con.execute(f'create or replace table seeds."{name}" as from release.seeds."{name}"')
            con.execute("use memory")

    def _dbt(self, settings: Settings, *command: str) -> None:
        results = run_dbt(settings, list(command), self.project_dir)
        failed = [f"{r.name}: {r.message}" for r in results if r.status not in BUILT]
        if failed or not results:
            raise CorridorError(
                f"The present code cannot compute these inputs (dbt {command[0]} failed):\n"
                + "\n".join(failed or ["dbt gave no results"])
            )


@contextmanager
def scratch_home(source: Lake, project_dir: Path = DBT_PROJECT_DIR) -> Iterator[Scratch]:
    """Create a scratch home in the system's temporary folder (TMPDIR) and remove it when the block ends."""
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder:
        yield Scratch(Path(folder), source, project_dir)


def seed_columns(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[tuple[str, str]]]:
    """Return the columns of each seed in a database as (name, type)."""
    rows = con.execute(
        "select table_name, list((column_name, data_type) order by column_index) from duckdb_columns() "
        f"where database_name = {quoted(database)} and schema_name = 'seeds' group by table_name"
    ).fetchall()
    return dict(rows)


def _link(target: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target.resolve())
