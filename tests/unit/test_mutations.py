"""A seeded mistake still has a place to be made: its text stands once in the SQL it is to spoil."""

from tests.mutation.mutations import seeded


def test_every_mistake_has_one_place() -> None:
    assert [m.name for m in seeded() if m.occurrences() != 1] == []


def test_every_mistake_changes_something_and_has_its_own_name() -> None:
    mutations = seeded()
    assert len({m.name for m in mutations}) == len(mutations) >= 20
    assert all(m.find != m.put for m in mutations)
