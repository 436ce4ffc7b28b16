"""Commands that make a home: sample, init.

Belongs here: their options, help and messages. Does not belong here: what the sample consists of (`sample/`), or the
text of the starter (`starter.toml`).
"""

from pathlib import Path

import click

from orchestration.cli.options import new_folder, write_errors_reported
from orchestration.core.errors import CorridorError


@click.command()
@click.option("--scale", default="1", show_default=True, help="Size: a number (1 is the committed sample) or tiny.")
@click.option("--seed", default=1, show_default=True, type=int, help="Start of the random numbers.")
@click.option("--out", required=True, type=new_folder, help="The home to write.")
def sample(scale: str, seed: int, out: Path) -> None:
    """Write a fictional home to try things on. The same scale and seed give the same bytes."""
    from orchestration.sample import home

    home.write_home(out, scale, seed)
    click.echo(f"Wrote {out}. Next: CORRIDOR_HOME={out} corridor run")


@click.command()
@click.argument("folder", metavar="DIR", type=new_folder)
def init(folder: Path) -> None:
    """Write a commented corridor.toml to start from."""
    starter = Path(__file__).with_name("starter.toml").read_text(encoding="utf-8")
    target = folder / "corridor.toml"
    with write_errors_reported(target):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8") as file:
                file.write(starter)
        except FileExistsError:
            raise CorridorError(f"{target} exists already and was not changed.") from None
    click.echo(f"Wrote {target}. Edit it, then: CORRIDOR_HOME={folder} corridor status")


COMMANDS = (sample, init)
