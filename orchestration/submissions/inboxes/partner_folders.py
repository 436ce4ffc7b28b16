"""The inboxes and outboxes of all partners: list files, read them, deliver receipts.

Belongs here: which entries of a folder are files to take in, and what they are called in messages.
Does not belong here: how a kind of storage is reached (`storage.py`); what a file name or a file means.
Files in an inbox are never moved or changed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase
from typing import Any

from orchestration.core.corridor_file import Partner
from orchestration.core.errors import PartnerFolderError
from orchestration.core.settings import Settings
from orchestration.submissions.inboxes.storage import Folder, open_folder

# Endings that programs give to files which they are still writing.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp", "~")


@dataclass(frozen=True)
class InboxFile:
    """A file in an inbox.

    size is -1 where the storage does not state it. modified is a time in UTC or a version mark; it is empty where the
    storage states neither.
    """

    partner: Partner
    name: str
    size: int
    modified: str
    path: str
    folder: Folder
    is_link: bool = False

    @property
    def listing(self) -> tuple[str, str, int, str]:
        """What the storage states about the file. A file whose listing changed has changed."""
        return self.partner.id, self.name, self.size, self.modified

    def open(self) -> BufferedIOBase:
        """Open the file. Raises FileNotFoundError if it has gone, PartnerFolderError if it cannot be read."""
        return self.folder.open(self.path, f"{self.name}, in the inbox of partner {self.partner.id},")


class PartnerFolders:
    """All inboxes and outboxes of one run. Each is opened once and stays open; each inbox is listed once.

    files: the files of each inbox that can be read, by partner, in the order of their names.
    unreachable: for each partner whose inbox cannot be read or outbox cannot be written, the reason.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._inboxes: dict[str, Folder] = {}
        self._outboxes: dict[str, Folder] = {}
        self._sha256: dict[tuple[str, str, int, str], str] = {}
        self.files: dict[str, list[InboxFile]] = {}
        self.unreachable: dict[str, str] = {}

    def list_files(self, partner: Partner) -> list[InboxFile]:
        """List the files of an inbox as it is now, leaving out folders, hidden and unfinished files.

        Raises PartnerFolderError if the inbox cannot be listed.
        """
        folder = self._inboxes.get(partner.id)
        if folder is None:
            folder = self._inboxes[partner.id] = self._open(partner, "inbox")
        files = (_inbox_file(partner, folder, entry) for entry in folder.entries() if _is_file(entry))
        return sorted((file for file in files if _is_finished(file.name)), key=lambda file: file.name)

    def sha256(self, file: InboxFile) -> str:
        """Hash the content of a file, once per run. Raises the same errors as InboxFile.open."""
        if file.listing not in self._sha256:
            with file.open() as stream:
                self._sha256[file.listing] = hashlib.file_digest(stream, "sha256").hexdigest()
        return self._sha256[file.listing]

    def deliver(self, partner: Partner, contents: Mapping[str, bytes]) -> None:
        """Write files, by name, into a partner's outbox. Raises PartnerFolderError if it cannot be written."""
        folder = self._outboxes.get(partner.id)
        if folder is None:
            folder = self._outboxes[partner.id] = self._open(partner, "outbox")
        folder.write(contents)

    def _open(self, partner: Partner, key: str) -> Folder:
        address = self._settings.location(partner.inbox if key == "inbox" else partner.outbox)
        state, purpose = ("reachable", "read") if key == "inbox" else ("writable", "written")
        return open_folder(
            address,
            partner.id,
            fault=f"The {key} of partner {partner.id} cannot be {purpose}",
            remedy=f"Make it {state}, or correct partners.{key} in {self._settings.config_path}.",
        )


def open_partner_folders(settings: Settings) -> PartnerFolders:
    """Open and list every inbox. A partner whose inbox cannot be listed becomes unreachable; the others go on.

    Raises PartnerFolderError if there are inboxes and none of them can be listed: that is not a partner's fault.
    """
    folders = PartnerFolders(settings)
    for partner in settings.file.partners:
        try:
            folders.files[partner.id] = folders.list_files(partner)
        except PartnerFolderError as problem:
            folders.unreachable[partner.id] = str(problem)
    if folders.unreachable and not folders.files:
        raise PartnerFolderError(next(iter(folders.unreachable.values())))
    return folders


def _inbox_file(partner: Partner, folder: Folder, entry: Mapping[str, Any]) -> InboxFile:
    size = entry.get("size")
    return InboxFile(
        partner,
        name=folder.name_of(entry),
        size=-1 if size is None else int(size),
        modified=_modified(entry),
        path=entry["name"],
        folder=folder,
        is_link=_is_link(entry),
    )


def _is_file(entry: Mapping[str, Any]) -> bool:
    return entry["type"] == "file" or _is_link(entry)


def _is_link(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("islink")) or entry["type"] == "link"


def _is_finished(name: str) -> bool:
    return bool(name) and not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


def _modified(entry: Mapping[str, Any]) -> str:
    keys = ("mtime", "LastModified", "last_modified", "modified", "ETag")
    when = next((entry[key] for key in keys if entry.get(key) not in (None, "")), None)
    if isinstance(when, int | float):
        when = datetime.fromtimestamp(when, UTC)
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) else str(when or "")
