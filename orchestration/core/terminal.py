"""What commands share when they print to a terminal: progress, tables and figures.

Belongs here: helpers that two rooms use. Does not belong here: the report of any one command.
"""

import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

ReportProgress = Callable[[str], None]

# Used where output goes to a file or a pipe, which have no width: wide enough for every table.
WIDTH_WITHOUT_TERMINAL = 160


def report_on_stderr() -> ReportProgress:
    """Return a function that prints each line on stderr with the seconds since this call."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    started = time.monotonic()

    def report_progress(message: str) -> None:
        console.print(f"[dim]{time.monotonic() - started:5.1f} s[/dim]  {escape(message)}")

    return report_progress


def print_table(table: Table) -> None:
    """Print a table on stdout, as wide as the terminal."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    console.print(table)


def print_records(records: list[dict[str, Any]]) -> None:
    """Print records with the same keys as a table; print nothing if the list is empty."""
    if not records:
        return
    table = Table(*records[0])
    for record in records:
        table.add_row(*("" if value is None else str(value) for value in record.values()))
    print_table(table)


def format_figure(value: float | None) -> str:
    """Format a figure with four significant digits and separated thousands; published files hold ten digits."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
