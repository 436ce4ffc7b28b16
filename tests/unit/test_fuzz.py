"""Files that once failed, and a few mutants of every format. `make fuzz` tries thousands."""

import itertools
from pathlib import Path

import pytest

from tests.fuzz.fuzz import CORPUS, fault_of
from tests.fuzz.mutants import file_name, mutants, seeds
from tests.support.assessed import all_assessed


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_file_that_once_failed_gets_a_receipt(path: Path, tmp_path: Path) -> None:
    named = tmp_path / file_name(path.name.partition(".")[2])
    named.write_bytes(path.read_bytes())
    assert [fault_of(receipt) for receipt in all_assessed(named) if fault_of(receipt)] == []


def test_mutants_of_every_format_get_receipts_that_add_up(tmp_path: Path) -> None:
    files = seeds(tmp_path)
    for extension, content in itertools.islice(mutants(files, seed=7), 14 * len(files)):
        path = tmp_path / file_name(extension)
        path.write_bytes(content)
        assert [fault_of(receipt) for receipt in all_assessed(path) if fault_of(receipt)] == []
