"""The fictional world of the sample as data: partners, terminals and services.

Belongs here: names, rotations, sizes and filing habits.
Does not belong here: anything drawn from a seed, and anything written to a file.
"""

from dataclasses import dataclass, field
from functools import cached_property

from orchestration.core.corridor_file import PeriodGrain, Role

ORIGIN_PORTS = ("CNSHA",)
DESTINATION_PORTS = ("USLAX", "USLGB")
CORRIDOR_PORTS = ORIGIN_PORTS + DESTINATION_PORTS


@dataclass(frozen=True)
class Terminal:
    """A terminal. `teu_month` is its size in TEU over the quay per month; `unit_of_diesel` the unit of its fuel."""

    code: str
    name: str
    port: str
    operator: str
    teu_month: int
    unit_of_diesel: str = "us_gal"


TERMINALS = (
    Terminal("SMPL-LAX1", "SMPL-Pelican Pier", "USLAX", "SMPL-ALBATROSS", 285_000),
    Terminal("SMPL-LAX2", "SMPL-Kelp Wharf", "USLAX", "SMPL-BITTERN", 240_000),
    Terminal("SMPL-LAX3", "SMPL-Abalone Wharf", "USLAX", "SMPL-CORMORANT", 255_000),
    Terminal("SMPL-LGB1", "SMPL-Grunion Pier", "USLGB", "SMPL-ALBATROSS", 230_000),
    Terminal("SMPL-LGB2", "SMPL-Sculpin Pier", "USLGB", "SMPL-DUNLIN", 265_000),
    Terminal("SMPL-LGB3", "SMPL-Halibut Pier", "USLGB", "SMPL-EIDER", 215_000),
    Terminal("SMPL-SHA1", "SMPL-Heron Terminal", "CNSHA", "SMPL-FULMAR", 310_000, "l"),
    Terminal("SMPL-SHA2", "SMPL-Egret Terminal", "CNSHA", "SMPL-FULMAR", 290_000, "l"),
)


@dataclass(frozen=True)
class Partner:
    """A partner. `files` maps a dataset to the period of one file and the due day in the following month."""

    id: str
    name: str
    role: Role
    holding: str
    files: dict[str, tuple[PeriodGrain, int]]


def _carrier(partner_id: str, name: str, holding: str, **grains: PeriodGrain) -> Partner:
    files: dict[str, tuple[PeriodGrain, int]] = {
        "vessels": ("register", 20),
        "service_nominations": ("register", 20),
        "voyage_legs": (grains["legs"], 20),
        "fuel_consumption": (grains["fuel"], 20),
        "bunker_deliveries": (grains["bunkers"], 20),
        "rob": (grains["rob"], 20),
        "vessel_annual": ("year", 28),
    }
    if "calls" in grains:
        files["port_calls"] = (grains["calls"], 20)
    if "contracts" in grains:
        files["cargo_contracts"] = (grains["contracts"], 28)
    return Partner(partner_id, name, "carrier", holding, files)


def _terminal(partner_id: str, name: str, holding: str, calls: PeriodGrain, energy: PeriodGrain) -> Partner:
    files: dict[str, tuple[PeriodGrain, int]] = {
        "port_calls": (calls, 15),
        "terminal_energy": (energy, 25),
        "terminal_activity": ("year", 25),
    }
    return Partner(partner_id, name, "terminal", holding, files)


PARTNERS = (
    _carrier("SMPL-AURORA", "SMPL-Aurora Line", "SMPL-POLARIS", legs="month", fuel="month", bunkers="quarter",
             rob="year"),
    _carrier("SMPL-BOREAL", "SMPL-Boreal Shipping", "SMPL-POLARIS", legs="quarter", fuel="quarter", bunkers="year",
             rob="year", contracts="year"),
    _carrier("SMPL-CORAL", "SMPL-Coral Container", "SMPL-MERIDIAN", legs="quarter", fuel="quarter", bunkers="year",
             rob="year", calls="year"),
    _carrier("SMPL-DELTA", "SMPL-Delta Ocean", "SMPL-MERIDIAN", legs="quarter", fuel="quarter", bunkers="year",
             rob="year"),
    _carrier("SMPL-ESTRELA", "SMPL-Estrela Marine", "SMPL-TRAMONTANE", legs="quarter", fuel="quarter",
             bunkers="quarter", rob="year"),
    _carrier("SMPL-FATHOM", "SMPL-Fathom Lines", "SMPL-ZENITH", legs="year", fuel="year", bunkers="year", rob="year",
             calls="year"),
    _terminal("SMPL-ALBATROSS", "SMPL-Albatross Terminals", "SMPL-SEABIRD", "quarter", "quarter"),
    _terminal("SMPL-BITTERN", "SMPL-Bittern Stevedores", "SMPL-REEDBED", "year", "year"),
    _terminal("SMPL-CORMORANT", "SMPL-Cormorant Container Terminal", "SMPL-CLIFFTOP", "year", "year"),
    _terminal("SMPL-DUNLIN", "SMPL-Dunlin Terminals", "SMPL-MUDFLAT", "year", "year"),
    _terminal("SMPL-EIDER", "SMPL-Eider Pier Company", "SMPL-SKERRY", "year", "year"),
    _terminal("SMPL-FULMAR", "SMPL-Fulmar Port Group", "SMPL-SALTMARSH", "quarter", "year"),
    Partner("SMPL-HARBOUR-LA", "SMPL-Harbour Office LA", "port", "SMPL-HARBOUR-LA", {"port_calls": ("year", 28)}),
    Partner("SMPL-HARBOUR-LB", "SMPL-Harbour Office LB", "port", "SMPL-HARBOUR-LB", {"port_calls": ("year", 28)}),
    Partner("SMPL-HARBOUR-SH", "SMPL-Harbour Office SH", "port", "SMPL-HARBOUR-SH", {"port_calls": ("year", 28)}),
    Partner("SMPL-GROVE", "SMPL-Grove Retail", "cargo_owner", "SMPL-GROVE", {"cargo_contracts": ("year", 28)}),
)  # fmt: skip

# A harbour office files the calls of one terminal only.
HARBOUR_OFFICE_TERMINALS = {
    "SMPL-LAX3": "SMPL-HARBOUR-LA",
    "SMPL-LGB3": "SMPL-HARBOUR-LB",
    "SMPL-SHA2": "SMPL-HARBOUR-SH",
}


@dataclass(frozen=True)
class Call:
    """A port of a rotation and its share of the cargo.

    Asian port: east is the share of eastbound cargo loaded there, west of westbound cargo discharged there.
    American port: east is the share of eastbound cargo discharged there, west of westbound cargo loaded there.
    """

    port: str
    stay_h: float
    east: float
    west: float
    terminal: str = ""

    @property
    def in_america(self) -> bool:
        """Whether the port is on the American side."""
        return self.port.startswith("US")


@dataclass(frozen=True)
class Service:
    """A weekly service: as many ships as its round voyage has weeks. `fuels` names the fuel plan of each ship."""

    code: str
    carrier: str
    nominal_teu: int
    fuels: tuple[str, ...]
    calls: tuple[Call, ...]
    bunker_call: int = field(default=0)

    @property
    def ships(self) -> int:
        """The number of ships."""
        return len(self.fuels)

    @cached_property
    def rotation(self) -> str:
        """The ports of the rotation, joined by hyphens, with a closing repeat of the first."""
        return "-".join([call.port for call in self.calls] + [self.calls[0].port])


H, V = "scrubber", "low_sulphur"
LNG_DIESEL, LNG_OTTO, METHANOL = "lng_diesel", "lng_otto", "methanol"

# In this order the first four are of four holdings, so that a small sample keeps four contributors.
SERVICES = (
    Service("SMPL-TP1", "SMPL-AURORA", 13_000, (H, V, H, V, V, H), (
        Call("CNNGB", 26, 0.35, 0.20), Call("CNSHA", 68, 0.50, 0.45, "SMPL-SHA1"),
        Call("USLAX", 86, 0.75, 0.70, "SMPL-LAX1"), Call("USOAK", 26, 0.25, 0.30), Call("KRPUS", 22, 0.15, 0.35),
    ), 1),
    Service("SMPL-TP3", "SMPL-CORAL", 8_200, (V, LNG_DIESEL, H, V, H, V), (
        Call("CNSHA", 68, 0.45, 0.40, "SMPL-SHA1"), Call("CNNGB", 26, 0.35, 0.15),
        Call("USLAX", 84, 1.0, 1.0, "SMPL-LAX2"), Call("KRPUS", 22, 0.10, 0.25), Call("CNTAO", 24, 0.10, 0.20),
    ), 0),
    Service("SMPL-TP6", "SMPL-ESTRELA", 10_000, (V, LNG_OTTO, H, METHANOL, H, V), (
        Call("CNNGB", 36, 0.30, 0.40), Call("CNSHA", 68, 0.45, 0.40, "SMPL-SHA2"), Call("KRPUS", 30, 0.25, 0.20),
        Call("USLGB", 86, 1.0, 1.0, "SMPL-LGB3"),
    ), 2),
    Service("SMPL-TP8", "SMPL-FATHOM", 12_000, (METHANOL, V, H, METHANOL, V, H), (
        Call("CNSHA", 68, 0.50, 0.45, "SMPL-SHA2"), Call("CNNGB", 26, 0.35, 0.25),
        Call("USLGB", 84, 0.75, 0.70, "SMPL-LGB1"), Call("USOAK", 26, 0.25, 0.30), Call("JPTYO", 22, 0.15, 0.30),
    ), 0),
    Service("SMPL-TP2", "SMPL-BOREAL", 14_000, (H, H, V, V, V, H), (
        Call("CNXMN", 26, 0.45, 0.40), Call("CNSHA", 68, 0.55, 0.60, "SMPL-SHA2"),
        Call("USLGB", 72, 0.55, 0.55, "SMPL-LGB1"), Call("USLAX", 68, 0.45, 0.45, "SMPL-LAX2"),
    ), 1),
    Service("SMPL-TP4", "SMPL-CORAL", 9_500, (V, H, V, V, H, V), (
        Call("CNTAO", 28, 0.45, 0.45), Call("CNSHA", 68, 0.55, 0.0, "SMPL-SHA2"),
        Call("USLGB", 84, 0.75, 0.70, "SMPL-LGB2"), Call("USOAK", 26, 0.25, 0.30),
        Call("CNSHA", 68, 0.0, 0.55, "SMPL-SHA2"),
    ), 1),
    Service("SMPL-TP5", "SMPL-DELTA", 11_000, (V, H, METHANOL, V, H, V, V), (
        Call("VNCMT", 26, 0.25, 0.35), Call("CNYTN", 28, 0.30, 0.25), Call("CNSHA", 68, 0.45, 0.40, "SMPL-SHA1"),
        Call("USLAX", 84, 0.75, 0.70, "SMPL-LAX3"), Call("USOAK", 26, 0.25, 0.30),
    ), 2),
    Service("SMPL-TP7", "SMPL-ESTRELA", 14_500, (H, V, V, V, H, V), (
        Call("TWKHH", 24, 0.45, 0.50), Call("CNSHA", 68, 0.55, 0.50, "SMPL-SHA1"),
        Call("USLAX", 68, 0.45, 0.40, "SMPL-LAX1"), Call("USLGB", 68, 0.35, 0.35, "SMPL-LGB2"),
        Call("USOAK", 26, 0.20, 0.25),
    ), 1),
    Service("SMPL-TP9", "SMPL-FATHOM", 12_500, (V, H, V, V, H, V), (
        Call("CNYTN", 28, 0.40, 0.25), Call("CNSHA", 68, 0.45, 0.45, "SMPL-SHA1"),
        Call("USLAX", 84, 0.70, 0.70, "SMPL-LAX3"), Call("USSEA", 28, 0.30, 0.30), Call("KRPUS", 22, 0.15, 0.30),
    ), 1),
)  # fmt: skip

# (service, ship) on charter for which the carrier files no voyages; the terminals file their calls all the same.
UNFILED = (("SMPL-TP5", 7), ("SMPL-TP9", 6))


def services_at(scale: float) -> list[Service]:
    """The services of a scale: the nine above, fewer of them, or copies of them under further codes."""
    count = max(1, round(len(SERVICES) * scale))
    copies = []
    for i in range(count):
        template = SERVICES[i % len(SERVICES)]
        code = template.code if i < len(SERVICES) else f"SMPL-TP{i + 1}"
        copies.append(Service(code, template.carrier, template.nominal_teu, template.fuels, template.calls,
                              template.bunker_call))  # fmt: skip
    return copies
