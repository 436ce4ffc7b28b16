"""The inputs of a run as one content hash: submissions, vintages, configuration, code and the month of as-of.

Belongs here: hashing what a run reads, cheaply and without heavy imports.
Does not belong here: deciding what to do about it (`run.py`).
"""

from collections.abc import Iterator

from orchestration.core.clock import RunClock
from orchestration.core.code_version import code_digest, digest_of, tree_digest
from orchestration.core.errors import PartnerFolderError
from orchestration.core.settings import Settings
from orchestration.submissions.inboxes.partner_folders import InboxFile, PartnerFolders


def inputs_digest(settings: Settings, clock: RunClock, folders: PartnerFolders) -> str:
    """Hash everything that a published value depends on.

    These are the partners' files, the vintages of public statistics, corridor.toml, the disclosure setting, the code
    and the month of the as-of day. A fetch that found nothing new adds no vintage, so it does not change the digest.

    Args:
        settings: The home.
        clock: The clock of the run.
        folders: The partners' folders, opened for the run.
    """
    return digest_of(
        [
            *sorted(_file_lines(folders)),
            tree_digest(settings.lake, settings.lake.glob("throughput/*/*@*.parquet")),
            settings.config_path.read_text(encoding="utf-8"),
            str(settings.disclosure_p),
            code_digest(),
            f"{clock.as_of:%Y-%m}",
        ]
    )


def _file_lines(folders: PartnerFolders) -> Iterator[str]:
    """One line per file with its partner, name and SHA-256; one line per partner that cannot be reached."""
    yield from (f"{partner_id} cannot be reached" for partner_id in folders.unreachable)
    for partner_id, files in folders.files.items():
        try:
            yield from [_file_line(folders, file) for file in files]
        except PartnerFolderError:
            yield f"{partner_id} cannot be reached"


def _file_line(folders: PartnerFolders, file: InboxFile) -> str:
    try:
        return f"{file.partner.id} {file.name} {folders.sha256(file)}"
    except FileNotFoundError:
        return f"{file.partner.id} {file.name} is a link, or has been removed"
