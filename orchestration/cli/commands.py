"""`corridor ...`: the command line.

Belongs here: the group of commands and how a command ends (exit code 0 done, 1 error, 2 usage, 3 the gate refused).
Does not belong here: any command. Each lives in the module of its users, and imports what is slow when it is called.
"""

import sys

import click

from orchestration.cli import analyst_commands, operator_commands, partner_commands, setup_commands
from orchestration.core.errors import CorridorError, GateRefusedError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="corridor-warehouse")
def corridor() -> None:
    """Run the data pipeline and warehouse of a green shipping corridor.

    Commands work on the home that the variable CORRIDOR_HOME names, or on the folder data/ of the checkout. A home
    is a folder with corridor.toml, inboxes, lake, warehouse and releases.
    """


for command in (
    *operator_commands.COMMANDS,
    *partner_commands.COMMANDS,
    *analyst_commands.COMMANDS,
    *setup_commands.COMMANDS,
):
    corridor.add_command(command)


def main() -> None:
    """Run the console script; print an error that a user can correct as one message without a traceback."""
    try:
        corridor.main(prog_name="corridor")
    except CorridorError as error:
        click.echo(f"corridor: {error}", err=True)
        sys.exit(3 if isinstance(error, GateRefusedError) else 1)
