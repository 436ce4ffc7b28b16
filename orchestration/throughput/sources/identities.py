"""What holds between the figures of a gateway port's table, on whichever page: sums, sizes and the order of columns.

Belongs here: the rules by which a figure under a wrong heading, in a shifted row or in another unit is not believed.
Does not belong here: how any page is laid out; one source against another, which dbt compares.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from orchestration.core.check_result import CheckResult
from orchestration.throughput.sources.html_tables import LayoutError
from orchestration.throughput.sources.source import Page, finding

Figures = dict[str, Decimal | None]
Sums = Mapping[str, tuple[str, ...]]

# The first is the larger at either port of San Pedro Bay, where boxes come in full and leave empty. Seen in figures
# from 2018 on only; a page of an older year that says otherwise is refused, and someone has to look.
SIZES = (
    ("loaded_imports", "empty_imports"),
    ("loaded_imports", "loaded_exports"),
    ("loaded_exports", "empty_imports"),
    ("empty_exports", "empty_imports"),
    ("total_teu", "loaded_imports"),
    ("total_teu", "empty_exports"),
)
# What either port can have handled in a month: outside it the unit is another, or digits are lost.
MIN_MONTH_TEU, MAX_MONTH_TEU = Decimal(100_000), Decimal(2_000_000)


def sums_that_differ(figures: Figures, sums: Sums, tolerance_teu: Decimal) -> dict[str, Decimal]:
    """The totals of a row that are not the sum of their parts, each with that sum, where all of them are known."""
    judged = _judged(figures, sums)
    return {total: parts for total, (whole, parts) in judged.items() if abs(whole - parts) > tolerance_teu}


def confirmed(figures: Figures, sums: Sums, tolerance_teu: Decimal, complete: bool) -> Figures:
    """The figures of a row that can be believed.

    In a row with a sum that differs those are left that another sum confirms; so they are in a row with a gap when
    the table is complete, where a gap is the mark of cells that were moved.
    """
    judged = _judged(figures, sums)
    differing = sums_that_differ(figures, sums, tolerance_teu)
    if not differing and (not complete or len(judged) == len(sums)):
        return figures
    believed = {measure for total in judged if total not in differing for measure in (total, *sums[total])}
    return {measure: teu if measure in believed else None for measure, teu in figures.items()}


def is_complete(rows: Iterable[Figures], sums: Sums) -> bool:
    """Whether most rows of a table that hold a figure hold all that their sums need."""
    filled = [figures for figures in rows if any(teu is not None for teu in figures.values())]
    return sum(len(_judged(figures, sums)) == len(sums) for figures in filled) * 2 > len(filled)


def unconfirmed(page: Page, label: str, figures: Figures, believed: Figures, complete: bool) -> list[CheckResult]:
    """A finding when figures of a row were left out, or a row of a complete table has a gap."""
    if all(teu is None for teu in figures.values()):
        return []
    names = [measure for measure, teu in figures.items() if believed[measure] is None and (complete or teu is not None)]
    if not names:
        return []
    said = ", ".join(names)
    message = f"{page.page}, {label}: no sum of the row confirms {said}; unknown"
    return [
        finding("figures_are_confirmed_by_a_sum", page.page, "warning", said, "parts and totals that agree", message)
    ]


def _judged(figures: Figures, sums: Sums) -> dict[str, tuple[Decimal, Decimal]]:
    judged = {}
    for total, names in sums.items():
        whole, parts = figures[total], [teu for name in names if (teu := figures[name]) is not None]
        if whole is not None and len(parts) == len(names):
            judged[total] = (whole, sum(parts, Decimal(0)))
    return judged


def refuse_rows_that_differ(rows: Collection[Figures], sums: Sums, tolerance_teu: Decimal) -> None:
    """Raises LayoutError when the sums of most rows differ: then the columns are not what their headings say."""
    judged = [figures for figures in rows if _judged(figures, sums)]
    differing = [figures for figures in judged if sums_that_differ(figures, sums, tolerance_teu)]
    if len(judged) > 1 and len(differing) * 2 > len(judged):
        raise LayoutError(f"{len(differing)} of {len(judged)} rows with totals that differ from their parts", "sums")


def refuse_columns_in_doubt(months: Collection[Figures], columns: Mapping[str, int]) -> None:
    """Raises LayoutError when headings may have been exchanged, or the figures are in another unit than TEU.

    An exchange of loaded and empty exports leaves every sum and size right, so their order is held to as well: only
    columns that were reordered and then named wrongly would show on no single page.
    """
    if columns["loaded_exports"] > columns["empty_exports"]:
        raise LayoutError("empty exports before loaded exports", "loaded before empty, or someone to look at the page")
    for larger, smaller in SIZES:
        both = [
            (first, second)
            for figures in months
            if (first := figures.get(larger)) is not None and (second := figures.get(smaller)) is not None
        ]
        if sum(first - second for first, second in both) < 0:
            raise LayoutError(f"more {smaller} than {larger} over the months of the page", f"more {larger}")
    totals = [teu for figures in months if (teu := figures["total_teu"]) is not None]
    if odd := [teu for teu in totals if not MIN_MONTH_TEU <= teu <= MAX_MONTH_TEU]:
        raise LayoutError(f"{odd[0]} as a month's total", f"{MIN_MONTH_TEU:,} to {MAX_MONTH_TEU:,} TEU")
