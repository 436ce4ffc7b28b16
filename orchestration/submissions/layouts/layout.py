"""The shape of a layout: what inbox, check, template, command line and datasets page need about it.

Belongs here: the record of a layout, and our own layout as one of them.
Does not belong here: any industry layout (one module each), or their list (`registry.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import duckdb

from orchestration.core.contract import Column, Contract
from orchestration.submissions.formats.reading import TABLE_READERS, Reader, is_supported
from orchestration.submissions.formats.text_table import TextTable
from orchestration.submissions.period import Period


@dataclass(frozen=True)
class Filing:
    """What the name and the bytes of a file say before its content is read.

    dataset: the dataset to make from the file. free_text: what follows the period in the name.
    sha256: of the content; empty where it is not known.
    """

    dataset: str
    period: Period
    free_text: str = ""
    sha256: str = ""


# Turns the file's own table into rows with the columns of the dataset's contract, as text.
Converter = Callable[[duckdb.DuckDBPyConnection, TextTable, Filing], TextTable]


@dataclass(frozen=True)
class Layout:
    """How a file spells one or more datasets.

    All functions of a layout must be importable by name, because a layout is sent to the process that checks files.

    name: the first part of the file name.
    title: what a partner calls the layout.
    datasets: the datasets that are made from one file.
    columns: the columns of the template; empty where there is no template.
    readers: by the ending of the file name, the function that reads the format.
    convert: makes the rows of a dataset; None if the file has the columns of the contract.
    name_pattern: the file name as instructions show it; empty for `<name>_<period>.csv`.
    note: what a partner must be aware of, in full sentences.
    """

    name: str
    title: str
    datasets: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    readers: Mapping[str, Reader] = field(default_factory=lambda: dict(TABLE_READERS))
    convert: Converter | None = None
    name_pattern: str = ""
    note: str = ""

    @property
    def file_name(self) -> str:
        """The name of a file in this layout, as instructions show it."""
        return self.name_pattern or f"{self.name}_<period>.csv"

    def reads(self, extension: str) -> bool:
        """Whether files with this ending can be read: csv, csv.gz, xlsx.zip and the like."""
        return is_supported(extension, self.readers)


def own_layout(contract: Contract) -> Layout:
    """Return the layout in which a file has the columns of a contract."""
    return Layout(contract.dataset, "columns of the dataset", (contract.dataset,), contract.columns)
