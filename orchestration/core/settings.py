"""One typed object for a home: CORRIDOR_HOME, its corridor.toml and every path below it.

Belongs here: the paths of a home, and reading corridor.toml.
Does not belong here: the tables of corridor.toml (`corridor_file.py`), or reading anything else.
"""

import os
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.core.corridor_file import Corridor, CorridorFile
from orchestration.core.errors import CorridorError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
# The method in words; every release carries it as a page.
METHOD = PROJECT_ROOT / "docs" / "method.md"

# The documented demonstration value of the p % rule, for homes with sample = true only.
SAMPLE_DISCLOSURE_P = 10.0


class Settings(BaseModel):
    """A home and the content of its corridor.toml; every path is absolute."""

    model_config = ConfigDict(frozen=True)

    home: Path
    file: CorridorFile

    @property
    def corridor(self) -> Corridor:
        """The table [corridor]."""
        return self.file.corridor

    @property
    def config_path(self) -> Path:
        """The path of corridor.toml."""
        return self.home / "corridor.toml"

    @property
    def lake(self) -> Path:
        """The folder of the lake."""
        return self.home / "lake"

    @property
    def warehouse_dir(self) -> Path:
        """The folder of the working warehouse."""
        return self.home / "warehouse"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file of the working warehouse, which only dbt writes."""
        return self.warehouse_dir / "corridor.duckdb"

    @property
    def releases(self) -> Path:
        """The folder of all releases."""
        return self.home / "releases"

    @property
    def approvals(self) -> Path:
        """The folder of approvals."""
        return self.home / "approvals"

    @property
    def lock_file(self) -> Path:
        """The lock of the home."""
        return self.home / "warehouse" / "run.lock"

    def location(self, location: str) -> str:
        """Return a location of corridor.toml as an address or an absolute path; paths are relative to the home."""
        scheme, separator, rest = location.partition("://")
        if separator and scheme != "file":
            return location
        return str((self.home / (rest if separator else location)).resolve())

    @property
    def disclosure_p(self) -> float:
        """The p of the p % rule, from CORRIDOR_DISCLOSURE_P. It is confidential, so it is never in corridor.toml.

        Raises:
            CorridorError: The variable is out of range, or unset in a home without sample data.
        """
        raw = os.environ.get("CORRIDOR_DISCLOSURE_P")
        if raw is None:
            if self.corridor.sample:
                return SAMPLE_DISCLOSURE_P
            raise CorridorError(
                "CORRIDOR_DISCLOSURE_P is not set. Nothing may be published without the disclosure parameter p. "
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
    """Return CORRIDOR_HOME, or the data folder of the checkout."""
    return Path(os.environ.get("CORRIDOR_HOME") or PROJECT_ROOT / "data").resolve()


def load_settings(home: Path | None = None) -> Settings:
    """Read and check corridor.toml of a home.

    Raises:
        CorridorError: The file is missing or wrong; the message names the table and the key.
    """
    home = (home or home_from_environment()).resolve()
    path = home / "corridor.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CorridorError(
            f"{path} does not exist, and every home needs one. "
            "Set CORRIDOR_HOME to a home, or make one with `corridor init DIR`."
        ) from None
    except OSError as error:
        raise CorridorError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return Settings(home=home, file=CorridorFile.model_validate(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise CorridorError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        raise CorridorError(f"{path} has errors:\n" + "\n".join(_messages(error))) from None


def _messages(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "corridor.toml"
        got = (
            "" if problem["type"] == "missing" or isinstance(problem["input"], dict) else f" (got {problem['input']!r})"
        )
        lines.append(f"  {where}: {problem['msg'].removeprefix('Value error, ')}{got}")
    return lines
