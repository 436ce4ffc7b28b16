"""A chart of the scorecard is one module and one line of the registry: the page is made from what the registry has."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from lxml import html

from orchestration.core.clock import run_clock
from orchestration.release.candidate import build_candidate
from orchestration.release.scorecard.charts.chart import Chart, Placement
from orchestration.release.scorecard.charts.registry import CHARTS
from orchestration.release.scorecard.page import write_scorecard
from tests.support.release_home import complete, make_home

NEW_CHART = Chart(
    chart_id="crews",
    placement="half",
    heading="Crews on board",
    introduction="Seafarers by year.",
    query="select 'Crews' as name, '2025' as period, 21.0 as value, 'persons' as unit, 'published' as status",
    draw=lambda rows: f'<svg role="img"><title>{rows[0]["name"]} {rows[0]["value"]}</title></svg>',
    caption="Whole corridor.",
)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = make_home(tmp_path_factory.mktemp("charts") / "home")
    candidate = build_candidate(settings, run_clock(settings), 10.0)
    complete(candidate, settings)
    return candidate.public


def page_with(public: Path, path: Path, chart: Chart) -> html.HtmlElement:
    """Return the scorecard with the charts of the registry and one more."""
    with duckdb.connect(public / "kpis.duckdb", read_only=True) as con:
        write_scorecard(con, path, (*CHARTS, chart))
    return html.fromstring(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("placement", ["half", "full"])
def test_registered_chart_has_its_section_on_the_page(public: Path, tmp_path: Path, placement: Placement) -> None:
    page = page_with(public, tmp_path / "page.html", replace(NEW_CHART, placement=placement))
    (section,) = page.xpath("//section[@aria-labelledby='crews']")
    texts = [text.strip() for text in section.itertext() if text.strip()]
    assert texts == ["Crews on board", "Seafarers by year.", "persons", "Crews 21.0", "Whole corridor."]


@pytest.mark.parametrize(("placement", "neighbour"), [("headline", "headline"), ("progress", "progress")])
def test_chart_can_be_placed_in_the_section_of_headline_or_targets(
    public: Path, tmp_path: Path, placement: Placement, neighbour: str
) -> None:
    page = page_with(public, tmp_path / "page.html", replace(NEW_CHART, placement=placement))
    assert page.xpath(f"//section[@aria-labelledby='{neighbour}']//title/text()") == ["Crews 21.0"]


def test_chart_without_published_value_says_so_in_words(public: Path, tmp_path: Path) -> None:
    unpublished = replace(NEW_CHART, query=NEW_CHART.query.replace("21.0", "null"))
    page = page_with(public, tmp_path / "page.html", unpublished)
    (section,) = page.xpath("//section[@aria-labelledby='crews']")
    assert "There is no published figure to draw." in section.text_content()
    assert section.xpath(".//svg") == []


def test_charts_have_different_anchors() -> None:
    anchors = [chart.chart_id for chart in CHARTS]
    assert len(set(anchors)) == len(anchors)
