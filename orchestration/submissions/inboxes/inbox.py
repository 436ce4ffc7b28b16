"""A partner's two folders: what lies in the inbox, what a file name says, receipts put into the outbox.

Belongs here: everything that fsspec does for submissions. Files in an inbox are never moved or changed.
Does not belong here: what a file holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase
from typing import Any

from orchestration.core.corridor_file import Partner
from orchestration.core.errors import PartnerPlaceError
from orchestration.core.settings import Settings
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.ovd_columns import OVD_DATASETS
from orchestration.submissions.formats.reading import EXTENSIONS, is_supported
from orchestration.submissions.inboxes.storage import Place, open_place, reason
from orchestration.submissions.period import PATTERN, Period
from orchestration.submissions.receipt import Refusal, visible

_NAME = re.compile(
    rf"(?P<dataset>[a-z_]+)_(?P<period>{PATTERN})(?:_(?P<free_text>.*?))?\.(?P<extension>[A-Za-z]+(?:\.gz|\.zip)?)"
)
# How programs name a file they are still writing.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp", "~")


@dataclass(frozen=True)
class InboxObject:
    """A file in an inbox. size: -1 where the place does not say; modified: UTC or a version mark, empty likewise."""

    partner: Partner
    name: str
    size: int
    modified: str
    address: str
    place: Place
    is_link: bool = False

    @property
    def listing(self) -> tuple[str, str, int, str]:
        """What the place says of it, by which a change is noticed."""
        return self.partner.id, self.name, self.size, self.modified

    def open(self) -> BufferedIOBase:
        """The bytes. Raises FileNotFoundError when the file has gone, PartnerPlaceError when it cannot be read."""
        try:
            return self.place.open(self.address)
        except FileNotFoundError:
            raise
        except self.place.errors as error:
            where = f"{self.name}, in the inbox of partner {self.partner.id},"
            raise PartnerPlaceError(f"{where} cannot be read: {reason(error, self.place.secrets)}.") from None


@dataclass(frozen=True)
class FileName:
    """What a name says: dataset and period, or the problem for which the file must be refused, or all three.

    layout: the industry's table from which the rows of the dataset are made; empty where they are filed as they are.
    """

    dataset: str | None = None
    period: Period | None = None
    extension: str = ""
    problem: Refusal | None = None
    free_text: str = ""
    layout: str = ""


def list_inbox(settings: Settings, partner: Partner) -> list[InboxObject]:
    """The files of an inbox in the order of their names; folders, hidden and unfinished names are not looked at.

    Raises PartnerPlaceError naming the partner and the place when the inbox cannot be listed.
    """
    address = settings.location(partner.inbox)
    what, remedy = f"The inbox of partner {partner.id} cannot be read", _remedy("reachable", "inbox", settings)
    with open_place(address, partner.id, what, remedy) as place:
        entries = place.list()
    objects = [
        InboxObject(
            partner,
            name,
            -1 if entry.get("size") is None else int(entry["size"]),
            _modified(entry),
            entry["name"],
            place,
            is_link=_is_link(entry),
        )
        for entry in entries
        if (entry["type"] == "file" or _is_link(entry))
        and (name := place.name_of(entry))
        and not name.startswith(".")
        and not name.lower().endswith(_UNFINISHED)
    ]
    return sorted(objects, key=lambda found: found.name)


def list_inboxes(settings: Settings) -> tuple[dict[str, list[InboxObject]], dict[str, str]]:
    """The files of every inbox by partner, and by partner why an inbox cannot be listed.

    Raises PartnerPlaceError when there are inboxes and none can be: then it is no partner's fault.
    """
    listed: dict[str, list[InboxObject]] = {}
    unreachable: dict[str, str] = {}
    for partner in settings.file.partners:
        try:
            listed[partner.id] = list_inbox(settings, partner)
        except PartnerPlaceError as problem:
            unreachable[partner.id] = str(problem)
    if unreachable and not listed:
        raise PartnerPlaceError(next(iter(unreachable.values())))
    return listed, unreachable


def parse_name(name: str) -> list[FileName]:
    """What `<dataset>_<period>[_free text].<extension>` says, once for each dataset the file holds."""
    match = _NAME.fullmatch(name)
    if not match:
        problem = Refusal(
            "file_name_is_understood",
            f"The name {visible(name)} is not understood. Name the file <dataset>_<period>.csv, "
            "with the period as YYYY, YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv; "
            "free text may follow after an underscore.",
        )
        return [FileName(problem=problem)]
    dataset, period, extension = match["dataset"], Period.parse(match["period"]), match["extension"].lower()
    if dataset not in CONTRACTS and dataset not in OVD_DATASETS:
        known = ", ".join([*CONTRACTS, *OVD_DATASETS])
        return [FileName(problem=Refusal("dataset_is_known", f"{dataset} is no dataset. The datasets are: {known}."))]
    unsupported = None
    if not is_supported(extension):
        unsupported = Refusal(
            "file_format_is_supported",
            f".{extension} files are not read. Send {', '.join(EXTENSIONS[:-1])} or {EXTENSIONS[-1]}, "
            "any of them also as .gz or .zip.",
        )
    elif extension.startswith("xml") and dataset != "terminal_energy":
        unsupported = Refusal("file_format_is_supported", "Only terminal_energy is read from .xml (Green Button).")
    free_text = match["free_text"] or ""
    if dataset in OVD_DATASETS:
        made = OVD_DATASETS[dataset]
        return [FileName(name, period, extension, unsupported, free_text, layout=dataset) for name in made]
    return [FileName(dataset, period, extension, unsupported, free_text)]


def check_permission(partner: Partner, name: FileName) -> Refusal | None:
    """Why corridor.toml does not let the partner file this dataset by this period, or None."""
    duty = partner.datasets.get(name.dataset or "")
    if not duty:
        files = ", ".join(partner.datasets) or "nothing"
        return Refusal(
            "partner_files_this_dataset",
            f"{partner.id} does not file {name.dataset}; it files {files}. Ask the secretariat if that is wrong.",
        )
    if name.period and duty.period not in ("register", name.period.grain):
        return Refusal(
            "period_is_as_agreed",
            f"{name.dataset} is filed by {duty.period}, and {name.period.text} is a {name.period.grain}. "
            f"Send one file for each {duty.period}.",
        )
    return None


def deliver(settings: Settings, partner: Partner, contents: Mapping[str, bytes]) -> None:
    """Put files, by name, into a partner's outbox. Raises PartnerPlaceError naming the partner and the place."""
    address = settings.location(partner.outbox)
    what, remedy = f"The outbox of partner {partner.id} cannot be written", _remedy("writable", "outbox", settings)
    with open_place(address, partner.id, what, remedy) as place:
        place.write(contents)


def _remedy(state: str, key: str, settings: Settings) -> str:
    return f"Make it {state}, or correct partners.{key} in {settings.config_path}."


def _is_link(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("islink")) or entry["type"] == "link"


def _modified(entry: Mapping[str, Any]) -> str:
    keys = ("mtime", "LastModified", "last_modified", "modified", "ETag")
    when = next((entry[key] for key in keys if entry.get(key) not in (None, "")), None)
    if isinstance(when, int | float):
        when = datetime.fromtimestamp(when, UTC)
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) else str(when or "")
