"""Commands of those who file data: check, template, datasets.

Belongs here: their options, help and order of calls. Does not belong here: any check, or how a receipt is made.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from orchestration.cli.options import as_json, existing_file, new_file, write_errors_reported


@click.command()
@click.argument("files", nargs=-1, required=True, type=existing_file)
@as_json
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check files before sending them, as the inbox would. Exit with 1 if any row would be rejected."""
    from orchestration.cli.receipt_report import print_receipts
    from orchestration.submissions.contracts.registry import CONTRACTS
    from orchestration.submissions.local_check import check_files

    receipts = check_files(files)
    if as_json:
        later = {dataset: contract.elsewhere for dataset, contract in CONTRACTS.items()}
        click.echo(json.dumps([{**asdict(r), "checked_later": later.get(r.dataset or "", [])} for r in receipts]))
    else:
        print_receipts(receipts)
    sys.exit(0 if all(receipt.verdict.startswith("accepted") for receipt in receipts) else 1)


@click.command()
@click.argument("dataset")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--out", type=new_file, help="The file to write. Without it, csv is printed.")
def template(dataset: str, kind: str, out: Path | None) -> None:
    """Make an empty file of DATASET: its column names and an example row.

    An xlsx template also has units, and checks each cell while you type.
    """
    from orchestration.submissions.layouts.registry import templates
    from orchestration.submissions.pages.template import csv_template, write_xlsx_template

    layouts = templates()
    if dataset not in layouts:
        raise click.UsageError(f"Unknown dataset {dataset!r}. Choose one of {', '.join(layouts)}.")
    if kind == "csv" and out is None:
        click.echo(csv_template(layouts[dataset]), nl=False)
        return
    path = out or Path(f"{dataset}.xlsx")
    with write_errors_reported(path):
        if kind == "csv":
            path.write_text(csv_template(layouts[dataset]), encoding="utf-8")
        else:
            write_xlsx_template(layouts[dataset], path)
    click.echo(f"Wrote {path}. Fill it in and name it {dataset}_<period>.{kind}, for example {dataset}_2025-03.{kind}.")


@click.command()
@click.option("--out", type=new_file, help="Write the page of all datasets (HTML).")
def datasets(out: Path | None) -> None:
    """List the datasets that partners file: who files each, and what one row is."""
    from orchestration.core.terminal import print_records
    from orchestration.submissions.contracts.registry import CONTRACTS
    from orchestration.submissions.layouts.registry import industry_layouts
    from orchestration.submissions.pages.template import datasets_page

    if out is None:
        print_records(
            [
                {"dataset": c.dataset, "filed by": ", ".join(c.filed_by), "one row per": c.row_is}
                for c in CONTRACTS.values()
            ]
        )
        for layout in industry_layouts():
            becomes = f"{layout.file_name} ({layout.title}) becomes {', '.join(layout.datasets)}."
            click.echo(f"{becomes} {layout.note}".rstrip())
        return
    with write_errors_reported(out):
        out.write_text(datasets_page(CONTRACTS.values()), encoding="utf-8")
    click.echo(f"Wrote {out}.")


COMMANDS = (check, template, datasets)
