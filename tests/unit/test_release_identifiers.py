"""An identifier matches as a whole token, in any case, also next to a hyphen."""

import pytest

from orchestration.release.identifiers import finder

IDENTIFIERS = frozenset({"smpl-kestrel", "3000009", "smpl-grey heron"})


@pytest.mark.parametrize(
    ("text", "matches"),
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
def test_identifier_matches_whole_tokens_in_any_case(text: str, matches: set[str]) -> None:
    assert finder(IDENTIFIERS)(text) == matches
