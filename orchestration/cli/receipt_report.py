"""What `corridor check` prints: a receipt for each file.

Belongs here: receipts as lines of text. Does not belong here: any check, or the receipt as a page.
"""

from collections.abc import Mapping
from typing import Any

import click

from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.receipt import Receipt, visible

LONGEST_FILE_NAME = 200


def print_receipts(receipts: list[Receipt]) -> None:
    """Print the status of each file, then each check result with the row number that a spreadsheet shows."""
    for receipt in receipts:
        click.echo(f"{visible(receipt.file_name, LONGEST_FILE_NAME)}: {receipt.message}")
        for result in receipt.findings:
            if str(result["message"]) not in receipt.message:
                click.echo(f"  {_line(result)}")
        if receipt.findings_total > len(receipt.findings):
            click.echo(f"  and {receipt.findings_total - len(receipt.findings):,} more")
    for dataset, contract in CONTRACTS.items():
        if contract.elsewhere and any(r.dataset == dataset and r.rows_accepted for r in receipts):
            click.echo(f"These {dataset} checks need other files and run later:")
            for sentence in contract.elsewhere:
                click.echo(f"  {sentence}")


def _line(result: Mapping[str, Any]) -> str:
    names = {"row": result["row_number"], "column": result["column"]}
    cell = ", ".join(f"{name} {value}" for name, value in names.items() if value is not None)
    return f"{result['severity']}{f' in {cell}' if cell else ''}: {result['message']}"
