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

import fsspec

from orchestration.errors import CorridorError
from orchestration.settings import Partner, Settings
from orchestration.submissions.contracts import CONTRACTS
from orchestration.submissions.period import PATTERN, Period
from orchestration.submissions.receipt import Refusal

EXTENSIONS = ("csv", "csv.gz")
_NAME = re.compile(rf"(?P<dataset>[a-z_]+)_(?P<period>{PATTERN})(?:_.*?)?\.(?P<extension>[A-Za-z]+(?:\.gz|\.zip)?)")


@dataclass(frozen=True)
class InboxObject:
    """A file in an inbox. modified: UTC as text, empty where the place does not say."""

    partner: Partner
    name: str
    size: int
    modified: str
    address: str
    filesystem: Any

    def open(self) -> BufferedIOBase:
        """The bytes. Raises FileNotFoundError when the file has gone, CorridorError when it cannot be read."""
        try:
            return self.filesystem.open(self.address, "rb")  # type: ignore[no-any-return]
        except FileNotFoundError:
            raise
        except OSError as error:
            raise CorridorError(
                f"{self.address}, in the inbox of partner {self.partner.id}, cannot be read: {_reason(error)}."
            ) from None


@dataclass(frozen=True)
class FileName:
    """What a name says: dataset and period, or the problem for which the file must be refused, or all three."""

    dataset: str | None = None
    period: Period | None = None
    extension: str = ""
    problem: Refusal | None = None


def list_inbox(settings: Settings, partner: Partner) -> list[InboxObject]:
    """The files of an inbox in the order of their names; folders and hidden names are not looked at.

    Raises CorridorError naming the partner and the place when the inbox cannot be listed.
    """
    place = settings.location(partner.inbox)
    try:
        filesystem, root = fsspec.core.url_to_fs(place)
        entries = filesystem.ls(root, detail=True)
        if any(entry["type"] == "file" and entry["name"].rstrip("/") == root.rstrip("/") for entry in entries):
            raise NotADirectoryError(20, "it is a file, not a folder")
    except (OSError, ValueError, ImportError) as error:
        raise CorridorError(
            f"The inbox of partner {partner.id} cannot be read: {place}: {_reason(error)}. "
            f"Make it reachable, or correct partners.inbox in {settings.config_path}."
        ) from None
    objects = [
        InboxObject(partner, name, int(entry["size"] or 0), _modified(entry), entry["name"], filesystem)
        for entry in entries
        if entry["type"] == "file" and not (name := entry["name"].rpartition("/")[2]).startswith(".")
    ]
    return sorted(objects, key=lambda found: found.name)


def parse_name(name: str) -> FileName:
    """What `<dataset>_<period>[_free text].<extension>` says."""
    match = _NAME.fullmatch(name)
    if not match:
        return FileName(
            problem=Refusal(
                "file_name_is_understood",
                f"The name {name} is not understood. Name the file <dataset>_<period>.csv, "
                "with the period as YYYY, YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv; "
                "free text may follow after an underscore.",
            )
        )
    dataset, period, extension = match["dataset"], Period.parse(match["period"]), match["extension"].lower()
    if dataset not in CONTRACTS:
        known = ", ".join(CONTRACTS)
        return FileName(problem=Refusal("dataset_is_known", f"{dataset} is no dataset. The datasets are: {known}."))
    problem = None
    if extension not in EXTENSIONS:
        problem = Refusal(
            "file_format_is_supported", f".{extension} files are not read. Send {' or '.join(EXTENSIONS)}."
        )
    return FileName(dataset, period, extension, problem)


def check_permission(partner: Partner, name: FileName) -> None:
    """Raise Refusal when corridor.toml does not let the partner file this dataset by this period."""
    duty = partner.datasets.get(name.dataset or "")
    if not duty:
        files = ", ".join(partner.datasets) or "nothing"
        raise Refusal(
            "partner_files_this_dataset",
            f"{partner.id} does not file {name.dataset}; it files {files}. Ask the secretariat if that is wrong.",
        )
    if name.period and duty.period not in ("register", name.period.grain):
        raise Refusal(
            "period_is_as_agreed",
            f"{name.dataset} is filed by {duty.period}, and {name.period.text} is a {name.period.grain}. "
            f"Send one file for each {duty.period}.",
        )


def deliver(settings: Settings, partner: Partner, name: str, content: bytes) -> None:
    """Put a receipt into a partner's outbox. Raises CorridorError naming the partner and the place."""
    place = settings.location(partner.outbox)
    try:
        filesystem, root = fsspec.core.url_to_fs(place)
        filesystem.makedirs(root, exist_ok=True)
        filesystem.pipe_file(f"{root}/{name}", content)
    except (OSError, ValueError, ImportError) as error:
        raise CorridorError(
            f"The outbox of partner {partner.id} cannot be written: {place}: {_reason(error)}. "
            f"Make it writable, or correct partners.outbox in {settings.config_path}."
        ) from None


def _modified(entry: Mapping[str, Any]) -> str:
    when = next((entry[key] for key in ("mtime", "LastModified", "last_modified", "modified") if entry.get(key)), None)
    if isinstance(when, int | float):
        when = datetime.fromtimestamp(when, UTC)
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) else str(when or "")


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "it does not exist"
    return getattr(error, "strerror", None) or str(error)
