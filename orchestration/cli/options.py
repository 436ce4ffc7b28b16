"""Options and helpers that several commands share.

Belongs here: what a command needs to read its arguments or to write a file. Nothing slow is imported.
Does not belong here: any command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from orchestration.core.errors import CorridorError

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = click.Path(dir_okay=False, path_type=Path)
new_folder = click.Path(file_okay=False, path_type=Path)


@contextmanager
def write_errors_reported(path: Path) -> Iterator[None]:
    """Turn a failure to write a file into one clear message."""
    try:
        yield
    except OSError as error:
        raise CorridorError(f"{path} cannot be written: {error.strerror or error}.") from None


def day_of(moment: datetime | None) -> date | None:
    """Return the day that an option of type DateTime names, or None if the option was not given."""
    return moment.date() if moment else None
