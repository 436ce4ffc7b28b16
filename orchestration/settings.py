"""One typed object for a home: CORRIDOR_HOME, its corridor.toml and every path below it.

Belongs here: what corridor.toml may say, how it is checked, where things are kept.
Does not belong here: reading or writing anything but corridor.toml.
"""

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.errors import CorridorError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"

# Documented demonstration value of the p % rule: used for homes marked sample = true, and nowhere else.
SAMPLE_DISCLOSURE_P = 10.0

Locode = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{3}$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Positive = Annotated[int, Field(gt=0)]
Role = Literal["carrier", "terminal", "port", "cargo_owner"]
PeriodGrain = Literal["month", "quarter", "year", "register"]


def storage_env(partner_id: str) -> str:
    """The name of the environment variable that holds the credentials of a partner's places."""
    return f"CORRIDOR_STORAGE_{re.sub('[^A-Z0-9]', '_', partner_id.upper())}"


class Table(BaseModel):
    """A table of corridor.toml: unknown keys are mistakes, not extensions."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Corridor(Table):
    id: Identifier
    name: str
    contact: str
    sample: bool = False
    as_of: date | None = None
    origin: "Side"
    destination: "Side"

    @model_validator(mode="after")
    def fixed_clock_is_for_samples(self) -> Self:
        if self.as_of and not self.sample:
            raise ValueError("as_of fixes the clock and is for samples only; remove it, or pass --as-of to a run")
        return self

    @model_validator(mode="after")
    def sample_rows_say_sample(self) -> Self:
        if self.sample != self.id.startswith("SAMPLE-"):
            raise ValueError("id stands in every published row: it begins with SAMPLE- if, and only if, sample = true")
        return self


class Side(Table):
    ports: Annotated[list[Locode], Field(min_length=1)]


class Terminal(Table):
    code: Identifier
    name: str
    port: Locode
    operator: Identifier


class Obligation(Table):
    """What a partner files: the period of one file and the day of the following month it is due."""

    period: PeriodGrain
    due_day: Annotated[int, Field(ge=1, le=28)] = 20


class Partner(Table):
    id: Identifier
    name: str
    role: Role
    holding: Identifier
    inbox: str
    outbox: str
    datasets: dict[str, Obligation]

    @model_validator(mode="after")
    def places_are_usable_and_hold_no_secret(self) -> Self:
        for key, place in (("inbox", self.inbox), ("outbox", self.outbox)):
            if urlsplit(place).password is not None:
                raise ValueError(f"{key} holds a password; take it out and set {storage_env(self.id)} instead")
        if self.outbox.startswith(("http://", "https://")):
            raise ValueError("outbox cannot be a web address: receipts are written to it")
        return self


class Source(Table):
    id: Identifier
    kind: Literal["los_angeles", "long_beach", "shanghai", "bts", "press"]
    location: str
    primary_for: list[str] = []
    contact: str | None = None


class Target(Table):
    kpi_id: str
    baseline_period: str
    baseline_value: float | None = None
    target_year: int
    target_value: float | None = None
    reduction_pct: float | None = None
    authority: str
    status: Literal["commitment", "reference"]


class Milestone(Table):
    """A dated promise without a line; with a KPI it is reached by the first year whose figure is at_least that much."""

    name: str
    due_year: int
    kpi_id: str | None = None
    at_least: float | None = None
    authority: str
    source: str

    @model_validator(mode="after")
    def is_measured_whole_or_not_at_all(self) -> Self:
        if (self.kpi_id is None) != (self.at_least is None):
            raise ValueError(f"milestone {self.name!r}: kpi_id and at_least belong together; give both or neither")
        return self


class Limits(Table):
    """Bounds on one received file; beyond them it is refused with a receipt."""

    max_bytes: Positive = 1_000_000_000
    max_unpacked_bytes: Positive = 4_000_000_000
    # xlsx, json and xml are read whole, so they have bounds of their own.
    max_document_bytes: Positive = 50_000_000
    max_unpacked_document_bytes: Positive = 400_000_000
    max_rows: Positive = 20_000_000
    max_columns: Positive = 500
    max_cell_characters: Positive = 10_000
    max_seconds: Annotated[float, Field(gt=0)] = 300.0
    max_findings: Positive = 10_000
    # Of a file with a larger share of bad rows nothing is accepted.
    max_rejected_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    # A file changed less than a minute ago is looked at again after this pause; if it changed, it waits.
    settle_seconds: Annotated[float, Field(ge=0)] = 2.0


class MonthlyTeu(Table):
    """The total TEU a port can have handled in a month; outside it a page was misread."""

    port: Locode
    min_teu: Annotated[float, Field(ge=0)]
    max_teu: Annotated[float, Field(gt=0)]


class Gate(Table):
    """Floors and bounds that a candidate must meet before it is published."""

    min_coverage_warn: float = 0.5
    monthly_teu: list[MonthlyTeu] = []


class Retention(Table):
    keep_last: int = 30
    keep_yearly: bool = True


class Alerts(Table):
    """Where a failed or refused run is told: an environment variable holding the webhook's address."""

    webhook_env: str | None = None


class CorridorFile(Table):
    """The whole of corridor.toml."""

    corridor: Corridor
    terminals: list[Terminal]
    partners: list[Partner]
    sources: list[Source] = []
    targets: list[Target] = []
    milestones: list[Milestone] = []
    limits: Limits = Limits()
    gate: Gate = Gate()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()

    @model_validator(mode="after")
    def names_are_unique_and_known(self) -> Self:
        partners = [p.id for p in self.partners]
        for kind, names in (
            ("partners.id", partners),
            ("terminals.code", [t.code for t in self.terminals]),
            ("sources.id", [s.id for s in self.sources]),
        ):
            doubles = sorted({n for n in names if names.count(n) > 1})
            if doubles:
                raise ValueError(f"{kind} must be unique; used twice: {', '.join(doubles)}")
        places = [place.rstrip("/") for p in self.partners for place in (p.inbox, p.outbox)]
        shared = sorted({place for place in places if places.count(place) > 1})
        if shared:
            raise ValueError(f"every inbox and outbox is one partner's own; used twice: {', '.join(shared)}")
        ports = {*self.corridor.origin.ports, *self.corridor.destination.ports}
        for terminal in self.terminals:
            if terminal.operator not in partners:
                raise ValueError(f"terminals.{terminal.code}: operator {terminal.operator!r} is no [[partners]] id")
            if terminal.port not in ports:
                raise ValueError(f"terminals.{terminal.code}: port {terminal.port} is on neither side of the corridor")
        return self


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
