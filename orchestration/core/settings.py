"""One typed object for a home: CORRIDOR_HOME, its corridor.toml and every path below it.

Belongs here: where things are kept, and reading corridor.toml.
Does not belong here: what corridor.toml may say (`corridor_file.py`), or reading anything else.
"""

import os
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.core.corridor_file import Corridor, CorridorFile
from orchestration.core.errors import CorridorError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"

# Documented demonstration value of the p % rule: used for homes marked sample = true, and nowhere else.
SAMPLE_DISCLOSURE_P = 10.0


class Settings(BaseModel):
    """A home and what its corridor.toml says; every path absolute."""

    model_config = ConfigDict(frozen=True)

    home: Path
    file: CorridorFile

    @property
    def corridor(self) -> Corridor:
        return self.file.corridor

    @property
    def config_path(self) -> Path:
        return self.home / "corridor.toml"

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def warehouse_dir(self) -> Path:
        return self.home / "warehouse"

    @property
    def warehouse(self) -> Path:
        return self.warehouse_dir / "corridor.duckdb"

    @property
    def releases(self) -> Path:
        return self.home / "releases"

    @property
    def current(self) -> Path:
        return self.releases / "current"

    @property
    def approvals(self) -> Path:
        return self.home / "approvals"

    @property
    def lock_file(self) -> Path:
        return self.home / "warehouse" / "run.lock"

    def location(self, place: str) -> str:
        """An inbox, outbox or source location: addresses as they are, plain paths against the home."""
        scheme, found, rest = place.partition("://")
        if found and scheme != "file":
            return place
        return str((self.home / (rest if found else place)).resolve())

    @property
    def disclosure_p(self) -> float:
        """p of the p % rule, from CORRIDOR_DISCLOSURE_P; confidential, so never from corridor.toml.

        Raises CorridorError when it is unset (other than on sample data) or out of range.
        """
        raw = os.environ.get("CORRIDOR_DISCLOSURE_P")
        if raw is None:
            if self.corridor.sample:
                return SAMPLE_DISCLOSURE_P
            raise CorridorError(
                "CORRIDOR_DISCLOSURE_P is not set: without the disclosure parameter p nothing may be published. "
                "Set it in the environment of the run (a percentage, for example 15)."
            )
        try:
            p = float(raw)
        except ValueError:
            p = -1.0
        if not 0 < p <= 100:
            raise CorridorError(f"CORRIDOR_DISCLOSURE_P is {raw!r}: expected a percentage above 0 and up to 100.")
        return p


def home_from_environment() -> Path:
    """CORRIDOR_HOME, or the data folder of the checkout."""
    return Path(os.environ.get("CORRIDOR_HOME") or PROJECT_ROOT / "data").resolve()


def load_settings(home: Path | None = None) -> Settings:
    """Read and check corridor.toml of a home.

    Raises CorridorError naming the table and the key that is wrong.
    """
    home = (home or home_from_environment()).resolve()
    path = home / "corridor.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CorridorError(
            f"{path} does not exist: a home holds a corridor.toml. "
            "Point CORRIDOR_HOME at one, or make one with `corridor init DIR`."
        ) from None
    except OSError as error:
        raise CorridorError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return Settings(home=home, file=CorridorFile.model_validate(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise CorridorError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        raise CorridorError(f"{path} is not right:\n" + "\n".join(_complaints(error))) from None


def _complaints(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "corridor.toml"
        got = (
            "" if problem["type"] == "missing" or isinstance(problem["input"], dict) else f" (got {problem['input']!r})"
        )
        lines.append(f"  {where}: {problem['msg'].removeprefix('Value error, ')}{got}")
    return lines
