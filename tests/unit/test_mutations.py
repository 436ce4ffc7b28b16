"""Every seeded mistake can still be made: its text occurs exactly once in the SQL file."""

from tests.mutation.mutations import seeded


def test_every_seeded_mistake_occurs_exactly_once() -> None:
    assert [m.name for m in seeded() if m.occurrences() != 1] == []


def test_every_seeded_mistake_changes_text_and_has_a_unique_name() -> None:
    mutations = seeded()
    assert len({m.name for m in mutations}) == len(mutations) >= 20
    assert all(m.find != m.put for m in mutations)
