"""HTML pages: one Jinja environment, one base template and one style sheet for every page of the project.

Belongs here: the environment, and how a number, a day or a status is written for a reader.
Does not belong here: what a page shows. Each page has its template in its own room, which extends
`core/templates/base.html.j2`. A page is one file: it loads nothing from a network.
"""

import math
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jinja2 import Environment

# Templates are named by their path from here, for example `gate/report.html.j2`.
PACKAGE: Final = Path(__file__).resolve().parents[1]

UNKNOWN: Final = "\N{EN DASH}"
COUNTED_UNITS: Final = ("vessels",)

STATUS_WORDS: Final[dict[str | None, str]] = {
    "published": "published",
    "terminal_default": "published, terminals at the default figure",
    "suppressed": "suppressed",
    "not_computable": "not computable",
    "no_data": "no data",
    "on_track": "on track",
    "ahead": "ahead",
    "behind": "behind",
    "no_target": "no line to compare with",
    "reached": "reached",
    "reached_late": "reached late",
    "pending": "still open",
    "not_reached": "not reached",
    "unknown": "no published figure can show it",
    None: "no figure yet",
}


def render(template: str, *, sample: bool, **context: object) -> str:
    """Fill a template; every value is escaped.

    Args:
        template: its path within the package, for example `release/dictionary.html.j2`.
        sample: whether the page shows sample data and has to carry the SAMPLE banner.
        context: the values that the template names.
    """
    return _environment().get_template(template).render(sample=sample, **context)


def figure(value: float | None, unit: str = "") -> str:
    """Write a figure with three significant digits and its unit.

    Ships are written whole, a ratio (unit 1) as a percentage, and a null as a dash.
    """
    if value is None:
        return UNKNOWN
    if unit in COUNTED_UNITS:
        return f"{value:,.0f} {unit}"
    if unit == "1":
        return f"{_three_digits(100 * float(value))} %"
    return f"{_three_digits(float(value))} {unit}".strip()


def status_in_words(status: str | None) -> str:
    """Write the status of a figure, a target or a milestone for a reader."""
    return STATUS_WORDS.get(status, str(status))


@cache
def _environment() -> "Environment":
    # Imported here because Jinja is slow to import, and most commands write no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(figure=figure, day=_day, status=status_in_words, exact=_exact)
    return environment


def _three_digits(value: float) -> str:
    rounded = float(f"{value:.3g}")
    decimals = max(0, 2 - math.floor(math.log10(abs(rounded)))) if rounded else 0
    return f"{rounded:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _day(value: str | date) -> str:
    day = date.fromisoformat(str(value)[:10])
    return f"{day.day} {day:%B %Y}"


def _exact(value: object) -> str:
    """Write a figure with all the digits that the tables hold."""
    return UNKNOWN if value is None else str(value)
