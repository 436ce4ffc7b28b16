"""Identities within a gateway port's table: sums, sizes and the order of columns.

Belongs here: the rules that detect a figure under a wrong heading, in a shifted row or in another unit.
Does not belong here: the layout of any page; comparing one source with another, which dbt does.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from orchestration.core.check_result import CheckResult
from orchestration.throughput.sources.html_tables import LayoutError
from orchestration.throughput.sources.source import Page, page_check

Figures = dict[str, Decimal | None]
Sums = Mapping[str, tuple[str, ...]]

# The first is the larger at both ports of San Pedro Bay, where boxes arrive full and leave empty. Checked on figures
# from 2018 on; a page of an older year that differs is refused, and a person has to check it.
SIZES = (
    ("loaded_imports", "empty_imports"),
    ("loaded_imports", "loaded_exports"),
    ("loaded_exports", "empty_imports"),
    ("empty_exports", "empty_imports"),
    ("total_teu", "loaded_imports"),
    ("total_teu", "empty_exports"),
)
# The range of a month at either port; outside it the unit is another, or digits are lost.
MIN_MONTH_TEU, MAX_MONTH_TEU = Decimal(100_000), Decimal(2_000_000)


def sums_that_differ(figures: Figures, sums: Sums, tolerance_teu: Decimal) -> dict[str, Decimal]:
    """Return the totals of a row that differ from the sum of their parts, with that sum, where all are known."""
    checked = _checked_sums(figures, sums)
    return {total: parts for total, (whole, parts) in checked.items() if abs(whole - parts) > tolerance_teu}


def confirmed(figures: Figures, sums: Sums, tolerance_teu: Decimal, complete: bool) -> Figures:
    """Return the figures of a row with those that cannot be trusted replaced by None.

    If a sum of the row differs, only figures that another sum confirms remain. The same holds for a row with a gap in a
    complete table, where a gap suggests that cells were moved.

    Args:
        figures: The figures of the row by measure.
        sums: The parts of each total.
        tolerance_teu: How far a total may be from the sum of its parts.
        complete: Whether the table is complete.
    """
    checked = _checked_sums(figures, sums)
    differing = sums_that_differ(figures, sums, tolerance_teu)
    if not differing and (not complete or len(checked) == len(sums)):
        return figures
    trusted = {measure for total in checked if total not in differing for measure in (total, *sums[total])}
    return {measure: teu if measure in trusted else None for measure, teu in figures.items()}


def is_complete(rows: Iterable[Figures], sums: Sums) -> bool:
    """Return whether most rows with a figure have every figure that their sums need."""
    filled = [figures for figures in rows if any(teu is not None for teu in figures.values())]
    return sum(len(_checked_sums(figures, sums)) == len(sums) for figures in filled) * 2 > len(filled)


def unconfirmed(page: Page, label: str, figures: Figures, trusted: Figures, complete: bool) -> list[CheckResult]:
    """Return a check result if figures of a row were left out, or a row of a complete table has a gap.

    Args:
        page: The page.
        label: The label of the row.
        figures: The figures of the row as read.
        trusted: The figures that remain.
        complete: Whether the table is complete.
    """
    if all(teu is None for teu in figures.values()):
        return []
    names = [measure for measure, teu in figures.items() if trusted[measure] is None and (complete or teu is not None)]
    if not names:
        return []
    measures = ", ".join(names)
    message = f"{page.page}, {label}: no sum of the row confirms {measures}; unknown"
    return [
        page_check(
            "figures_are_confirmed_by_a_sum", page.page, "warning", measures, "parts and totals that agree", message
        )
    ]


def _checked_sums(figures: Figures, sums: Sums) -> dict[str, tuple[Decimal, Decimal]]:
    checked = {}
    for total, names in sums.items():
        whole, parts = figures[total], [teu for name in names if (teu := figures[name]) is not None]
        if whole is not None and len(parts) == len(names):
            checked[total] = (whole, sum(parts, Decimal(0)))
    return checked


def refuse_rows_that_differ(rows: Collection[Figures], sums: Sums, tolerance_teu: Decimal) -> None:
    """Raise LayoutError if the sums of most rows differ, because then the headings are wrong."""
    checked = [figures for figures in rows if _checked_sums(figures, sums)]
    differing = [figures for figures in checked if sums_that_differ(figures, sums, tolerance_teu)]
    if len(checked) > 1 and len(differing) * 2 > len(checked):
        raise LayoutError(f"{len(differing)} of {len(checked)} rows with totals that differ from their parts", "sums")


def refuse_columns_in_doubt(months: Collection[Figures], columns: Mapping[str, int]) -> None:
    """Raise LayoutError if headings may have been exchanged, or if the figures are in another unit than TEU.

    An exchange of loaded and empty exports keeps every sum and size right, so the order of these columns is checked
    as well.
    """
    if columns["loaded_exports"] > columns["empty_exports"]:
        raise LayoutError("empty exports before loaded exports", "loaded before empty; a person has to check the page")
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
