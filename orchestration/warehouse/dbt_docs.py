"""The documentation of the dbt project as one static page, made once per code version: `make dbt-docs`.

Belongs here: calling `dbt docs generate` and storing its page in the home.
Does not belong here: putting the page into a release (`orchestration.release.dbt_docs`).
"""

import shutil
import tempfile
from pathlib import Path

from orchestration.core.code_version import code_version
from orchestration.core.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.release.dbt_docs import dbt_docs_page
from orchestration.warehouse.dbt_process import call_dbt

# An empty catalogue leaves the warehouse alone: types and descriptions come from the project.
COMMANDS = (["parse"], ["docs", "generate", "--static", "--no-compile", "--empty-catalog"])


def write_dbt_docs(settings: Settings) -> Path:
    """Make the documentation page of this code version, unless it exists, and return its path."""
    page = dbt_docs_page(settings, code_version())
    if not page.is_file():
        with tempfile.TemporaryDirectory() as folder:
            for command in COMMANDS:
                _dbt(command, settings.home, Path(folder))
            page.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / "static_index.html", page)
    return page


def _dbt(command: list[str], home: Path, target: Path) -> None:
    project = ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    files = ["--target-path", str(target), "--log-path", str(target / "logs")]
    call_dbt([*command, "--quiet", *project, *files], home)


if __name__ == "__main__":
    print(write_dbt_docs(load_settings()))  # noqa: T201 - the path is the result of the command
