"""A planted fault and its line in data/README.md.

Belongs here: the record and the table. Does not belong here: any particular fault.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A planted fault. Row numbers are those of a spreadsheet, in which the heading is row 1."""

    name: str
    file: str
    rows: str
    becomes: str
    touches: str


def faults_table(faults: list[Fault]) -> str:
    """Return the table of data/README.md."""
    lines = [
        "| fault | file in `inbox/` | row | consequence | figures it affects |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {f.name} | `{f.file}` | {f.rows} | {f.becomes} | {f.touches} |" for f in faults]
    return "\n".join(lines) + "\n"
