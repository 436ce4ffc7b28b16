"""The inputs of a run as one content hash: submissions, vintages, configuration, code and the month of as-of.

Belongs here: hashing what a run reads, cheaply and without heavy imports.
Does not belong here: deciding what to do about it (`run.py`).
"""

import hashlib
from collections.abc import Iterator

from orchestration.core.clock import RunClock
from orchestration.core.code_version import code_digest, digest_of, tree_digest
from orchestration.core.errors import PartnerPlaceError
from orchestration.core.settings import Settings
from orchestration.submissions.inboxes.inbox import list_inboxes


def inputs_digest(settings: Settings, clock: RunClock) -> str:
    """All that a published value depends on: inputs by content, configuration, disclosure, code, month of as-of.

    Public statistics count by their vintages: a page that said nothing new gives none.
    Raises CorridorError when no inbox at all can be looked at.
    """
    return digest_of(
        [
            *sorted(_filed(settings)),
            tree_digest(settings.lake, settings.lake.glob("throughput/*/*@*.parquet")),
            settings.config_path.read_text(encoding="utf-8"),
            str(settings.disclosure_p),
            code_digest(),
            f"{clock.as_of:%Y-%m}",
        ]
    )


def _filed(settings: Settings) -> Iterator[str]:
    inboxes, unreachable = list_inboxes(settings)
    yield from (f"{partner_id} cannot be reached" for partner_id in unreachable)
    for partner_id, objects in inboxes.items():
        try:
            for found in objects:
                with found.open() as stream:
                    yield f"{partner_id} {found.name} {hashlib.file_digest(stream, 'sha256').hexdigest()}"
        except PartnerPlaceError:
            yield f"{partner_id} cannot be reached"
