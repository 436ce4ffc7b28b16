"""The tables of corridor.toml: their keys, types and defaults, and the rules between them.

Belongs here: everything that is checked when the file is read.
Does not belong here: reading the file, or the paths of a home (`settings.py`).
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
    """Return the environment variable with the credentials of a partner's inbox and outbox."""
    return f"CORRIDOR_STORAGE_{re.sub('[^A-Z0-9]', '_', partner_id.upper())}"


class Table(BaseModel):
    """A table of corridor.toml. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Corridor(Table):
    """The corridor: its name, contact and two sides. `as_of` fixes the clock of a sample."""

    id: Identifier
    name: str
    contact: str
    sample: bool = False
    as_of: date | None = None
    origin: "Side"
    destination: "Side"

    @model_validator(mode="after")
    def fixed_clock_is_for_samples(self) -> Self:
        """Refuse as_of in a home without sample data."""
        if self.as_of and not self.sample:
            raise ValueError("as_of fixes the clock, which only samples may do; remove it, or pass --as-of to a run")
        return self

    @model_validator(mode="after")
    def sample_id_starts_with_sample(self) -> Self:
        """Require SAMPLE- in the id of a sample, and only there."""
        if self.sample != self.id.startswith("SAMPLE-"):
            raise ValueError("id is in every published row: it must begin with SAMPLE- if and only if sample = true")
        return self


class Side(Table):
    """The ports of one side of the corridor, as UN/LOCODEs."""

    ports: Annotated[list[Locode], Field(min_length=1)]


class Terminal(Table):
    """A terminal, its port, and the partner that operates it."""

    code: Identifier
    name: str
    port: Locode
    operator: Identifier


class Obligation(Table):
    """A dataset that a partner files: the period of one file, and the due day in the following month."""

    period: PeriodGrain
    due_day: Annotated[int, Field(ge=1, le=28)] = 20


class Partner(Table):
    """A company that files: its role and holding, its inbox and outbox, and the datasets that are due."""

    id: Identifier
    name: str
    role: Role
    holding: Identifier
    inbox: str
    outbox: str
    datasets: dict[str, Obligation]

    @model_validator(mode="after")
    def locations_are_usable_and_contain_no_secret(self) -> Self:
        """Refuse passwords in addresses, and an outbox that cannot be written."""
        for key, location in (("inbox", self.inbox), ("outbox", self.outbox)):
            if urlsplit(location).password is not None:
                raise ValueError(f"{key} contains a password; remove it and set {storage_env(self.id)} instead")
        if self.outbox.startswith(("http://", "https://")):
            raise ValueError("outbox cannot be a web address: receipts are written to it")
        return self


class Source(Table):
    """A source of public port statistics."""

    id: Identifier
    kind: Literal["los_angeles", "long_beach", "shanghai", "bts", "press"]
    location: str
    primary_for: list[str] = []
    contact: str | None = None
    # SHA-256 of pages that a person has checked: they are taken in although a check failed.
    accept: list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = []


class Target(Table):
    """A target for a KPI: its baseline, and a value or a reduction in per cent by a year."""

    kpi_id: str
    baseline_period: str
    baseline_value: float | None = None
    target_year: int
    target_value: float | None = None
    reduction_pct: float | None = None
    authority: str
    status: Literal["commitment", "reference"]


class Milestone(Table):
    """A dated commitment. With a KPI it is reached in the first year whose figure is `at_least` that value."""

    name: str
    due_year: int
    kpi_id: str | None = None
    at_least: float | None = None
    authority: str
    source: str

    @model_validator(mode="after")
    def kpi_and_threshold_come_together(self) -> Self:
        """Require both of kpi_id and at_least, or neither."""
        if (self.kpi_id is None) != (self.at_least is None):
            raise ValueError(f"milestone {self.name!r}: kpi_id and at_least belong together; give both or neither")
        return self


class Limits(Table):
    """Limits of one received file. A file beyond them is refused with a receipt."""

    max_bytes: Positive = 1_000_000_000
    max_unpacked_bytes: Positive = 4_000_000_000
    # xlsx, json and xml are read into memory at once, so they have lower limits.
    max_document_bytes: Positive = 50_000_000
    max_unpacked_document_bytes: Positive = 400_000_000
    max_rows: Positive = 20_000_000
    max_columns: Positive = 500
    max_cell_characters: Positive = 10_000
    # Depth of nested JSON values or XML elements; parsers fail at a few hundred.
    max_nesting: Annotated[int, Field(gt=1, le=200)] = 50
    max_seconds: Annotated[float, Field(gt=0)] = 300.0
    max_findings: Positive = 10_000
    # A file with a larger share of rejected rows is refused as a whole.
    max_rejected_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    # A file modified less than a minute ago is listed again after this pause; if it has changed, it waits.
    settle_seconds: Annotated[float, Field(ge=0)] = 2.0


class MonthlyTeu(Table):
    """The possible range of a port's total TEU in a month; a figure outside it was misread."""

    port: Locode
    min_teu: Annotated[float, Field(ge=0)]
    max_teu: Annotated[float, Field(gt=0)]


class Gate(Table):
    """Limits that a candidate must meet before it is published. Shares are between 0 and 1."""

    min_coverage_warn: Share = 0.5
    min_coverage_block: Share = 0.0
    # Compared with the release before: changes up to these need no approval.
    max_restatement: Annotated[float, Field(ge=0)] = 0.1
    max_row_loss: Share = 0.1
    # Compared with the same month or quarter of the year before; and the age of a port's newest public figure.
    max_year_drop_warn: Share = 0.5
    max_throughput_age_months_warn: Positive = 4
    monthly_teu: list[MonthlyTeu] = []


class Retention(Table):
    """How many releases stay whole."""

    # At least two: a reader may still be opening the release before.
    keep_last: Annotated[int, Field(ge=2)] = 30
    keep_yearly: bool = True


class Waiver(Table):
    """A holding's written consent, until a day, that its part of a KPI (`*` for all KPIs) may be estimated."""

    holding: Identifier
    kpi_id: str
    granted_by: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]
    until: date


class Alerts(Table):
    """Where a failed or refused run is reported: an environment variable with the address of a webhook."""

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
        """Return the waivers that are valid on a day; the last day is included."""
        return [waiver for waiver in self.waivers if waiver.until >= day]

    @model_validator(mode="after")
    def names_are_unique(self) -> Self:
        """Require unique ids, and an inbox and outbox of its own for every partner."""
        for kind, names in (
            ("partners.id", [p.id for p in self.partners]),
            ("terminals.code", [t.code for t in self.terminals]),
            ("sources.id", [s.id for s in self.sources]),
        ):
            if repeated := _repeated(names):
                raise ValueError(f"{kind} must be unique; used twice: {', '.join(repeated)}")
        if shared := _repeated([location.rstrip("/") for p in self.partners for location in (p.inbox, p.outbox)]):
            raise ValueError(f"an inbox or outbox may belong to one partner only; used twice: {', '.join(shared)}")
        return self

    @model_validator(mode="after")
    def references_exist(self) -> Self:
        """Require that holdings, operators and ports are defined elsewhere in the file."""
        holdings = {p.holding for p in self.partners}
        for waiver in self.waivers:
            if waiver.holding not in holdings:
                raise ValueError(f"waivers: unknown holding {waiver.holding!r}; use the holding of one of [[partners]]")
        ports = {*self.corridor.origin.ports, *self.corridor.destination.ports}
        for terminal in self.terminals:
            if terminal.operator not in {p.id for p in self.partners}:
                raise ValueError(
                    f"terminals.{terminal.code}: unknown operator {terminal.operator!r}; "
                    "use the id of one of [[partners]]"
                )
            if terminal.port not in ports:
                raise ValueError(f"terminals.{terminal.code}: port {terminal.port} is on neither side of the corridor")
        return self


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
