"""What counts as naming somebody: the whole identifier, in any case, joined to other words or not."""

import pytest

from orchestration.release.identifiers import finder

KNOWN = frozenset({"smpl-kestrel", "3000009", "smpl-grey heron"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SMPL-Kestrel", {"smpl-kestrel"}),
        ("arrived with (smpl-kestrel), late", {"smpl-kestrel"}),
        ("file-SMPL-KESTREL-2025", {"smpl-kestrel"}),
        ("SMPL-Kestrels", set()),
        ("imo 3000009.", {"3000009"}),
        ("13000009", set()),
        ("the SMPL-Grey Heron", {"smpl-grey heron"}),
        ("SMPL-Grey Herons", set()),
        ("nobody", set()),
    ],
)
def test_identifiers_are_found_as_whole_tokens(text: str, found: set[str]) -> None:
    assert finder(KNOWN)(text) == found
