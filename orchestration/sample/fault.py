"""What a planted fault is, and how data/README.md tells of it.

Belongs here: the shape of a fault and its line in the table. Does not belong here: any fault.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """rows: numbers as a spreadsheet shows them, the heading being 1."""

    name: str
    file: str
    rows: str
    becomes: str
    touches: str


def faults_table(faults: list[Fault]) -> str:
    """The table of data/README.md."""
    lines = [
        "| fault | file in `inbox/` | row | what becomes of it | which number it touches |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {f.name} | `{f.file}` | {f.rows} | {f.becomes} | {f.touches} |" for f in faults]
    return "\n".join(lines) + "\n"
