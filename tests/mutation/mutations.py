"""The seeded mistakes of mutations.toml, and a copy of the dbt project with one of them made.

Belongs here: reading and applying. Does not belong here: running tests against it.
"""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from orchestration.core.settings import DBT_PROJECT_DIR

SEEDED = Path(__file__).with_name("mutations.toml")


@dataclass(frozen=True)
class Mutation:
    """One replacement in one file of the dbt project."""

    name: str
    file: str
    find: str
    put: str

    @property
    def selected(self) -> str:
        """The dbt name of the file's node; a macro may be used anywhere, so it selects everything."""
        return "*" if self.file.startswith("macros/") else Path(self.file).stem

    def occurrences(self) -> int:
        return (DBT_PROJECT_DIR / self.file).read_text(encoding="utf-8").count(self.find)

    def project(self, folder: Path) -> Path:
        """Return a copy of the dbt project under a folder, with this mistake in it."""
        project = Path(shutil.copytree(DBT_PROJECT_DIR, folder / "dbt_project"))
        path = project / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.find, self.put), encoding="utf-8")
        return project


def seeded() -> list[Mutation]:
    """Return all mutations, in the order of the file."""
    return [Mutation(**table) for table in tomllib.loads(SEEDED.read_text(encoding="utf-8"))["mutation"]]
