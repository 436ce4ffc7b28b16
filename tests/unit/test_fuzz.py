"""Files on which reading once failed, and a few mutants of every format; `make fuzz` tries thousands."""

import itertools
from pathlib import Path

import pytest

from tests.fuzz.fuzz import CORPUS, complaint_about
from tests.fuzz.mutants import file_name, mutants, seeds
from tests.support.assessed import all_assessed


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_what_once_failed_gets_a_verdict(path: Path, tmp_path: Path) -> None:
    named = tmp_path / file_name(path.name.partition(".")[2])
    named.write_bytes(path.read_bytes())
    assert [complaint_about(receipt) for receipt in all_assessed(named) if complaint_about(receipt)] == []


def test_mutants_of_every_format_get_verdicts_that_add_up(tmp_path: Path) -> None:
    files = seeds(tmp_path)
    for extension, content in itertools.islice(mutants(files, seed=7), 14 * len(files)):
        path = tmp_path / file_name(extension)
        path.write_bytes(content)
        assert [complaint_about(receipt) for receipt in all_assessed(path) if complaint_about(receipt)] == []
