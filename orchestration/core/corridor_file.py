"""What corridor.toml may say, table by table, and what is checked when it is read.

Belongs here: the tables, their keys and defaults, and rules among them.
Does not belong here: reading the file, or where a home keeps things (`settings.py`).
"""

import re
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

Locode = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{3}$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
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
    # SHA-256 of pages that a person has looked at: they are taken in whatever speaks against it.
    accept: list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = []


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
    # Lists and objects of json, elements of xml within each other; parsers bear no more than a few hundred.
    max_nesting: Annotated[int, Field(gt=1, le=200)] = 50
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
    """Floors and bounds that a candidate must meet before it is published; shares are of 1."""

    min_coverage_warn: Share = 0.5
    min_coverage_block: Share = 0.0
    # Against the release before: what may differ without somebody's approval.
    max_restatement: Annotated[float, Field(ge=0)] = 0.1
    max_row_loss: Share = 0.1
    # Against the same month or quarter of the year before, and the age of a port's newest public figure.
    max_year_drop_warn: Share = 0.5
    max_throughput_age_months_warn: Positive = 4
    monthly_teu: list[MonthlyTeu] = []


class Retention(Table):
    # Two at least: a reader that is just opening the release before must find it.
    keep_last: Annotated[int, Field(ge=2)] = 30
    keep_yearly: bool = True


class Waiver(Table):
    """A holding that has agreed in writing, until a day, that its part of a KPI (`*`: of all) may be estimated."""

    holding: Identifier
    kpi_id: str
    granted_by: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]
    until: date


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
    waivers: list[Waiver] = []
    limits: Limits = Limits()
    gate: Gate = Gate()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()

    def waivers_on(self, day: date) -> list[Waiver]:
        """The waivers that hold on a day, their last included."""
        return [waiver for waiver in self.waivers if waiver.until >= day]

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
        holdings = {p.holding for p in self.partners}
        for waiver in self.waivers:
            if waiver.holding not in holdings:
                raise ValueError(f"waivers: holding {waiver.holding!r} is the holding of no [[partners]]")
        ports = {*self.corridor.origin.ports, *self.corridor.destination.ports}
        for terminal in self.terminals:
            if terminal.operator not in partners:
                raise ValueError(f"terminals.{terminal.code}: operator {terminal.operator!r} is no [[partners]] id")
            if terminal.port not in ports:
                raise ValueError(f"terminals.{terminal.code}: port {terminal.port} is on neither side of the corridor")
        return self
