"""The scorecard in a real browser: it opens from a file, without a network or scripts, at a phone's width too."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html

from orchestration.core.clock import run_clock
from orchestration.release.candidate import build_candidate
from tests.support.release_home import complete, fill_home, make_home

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium is installed; CI has one"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = make_home(tmp_path_factory.mktemp("scorecard") / "home")
    fill_home(settings)
    clock = run_clock(settings)
    candidate = build_candidate(settings, clock, 10.0)
    complete(candidate, settings)
    return candidate.public / "scorecard.html"


def browse(page: Path, profile: Path, *flags: str) -> str:
    """The document after the browser has laid it out."""
    assert CHROMIUM is not None, "CI is set, so a Chromium is expected"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def test_page_shows_headline_status_of_targets_and_all_charts(page: Path, tmp_path: Path) -> None:
    shown = html.fromstring(browse(page, tmp_path, "--dump-dom"))
    text = re.sub(r"\s+", " ", "".join(map(str, shown.itertext())))
    assert "SAMPLE" in text
    assert "Corridor emissions intensity, 2025 64.0 g/TEU-km" in text
    assert "58.9 to 69.1" in text
    assert "behind" in text
    assert "More than 60 g by 2025 2025 reached" in text
    assert "A zero ship is feasible by 2030 2030 still open" in text
    assert "suppressed" in text
    charts = shown.findall(".//svg[@role='img']")
    assert len(charts) == 11
    assert all(chart.findtext("title") and chart.findtext("desc") for chart in charts)


def test_page_loads_nothing_from_the_network(page: Path) -> None:
    shown = html.fromstring(page.read_text(encoding="utf-8"))
    links = [element.get(name, "") for element in shown.iter() for name in ("href", "src", "srcset", "xlink:href")]
    assert [link for link in links if "://" in link or link.startswith("//")] == []
    assert [element.tag for element in shown.iter("script", "link", "iframe", "img", "object")] == []
    assert "url(" not in page.read_text() and "@import" not in page.read_text()


@pytest.mark.parametrize("width_px", [390, 1200])
def test_page_never_scrolls_sideways(page: Path, tmp_path: Path, width_px: int) -> None:
    frame = page.with_name(f"frame_{width_px}.html")
    frame.write_text(
        f'<iframe src="scorecard.html" style="border:0;width:{width_px}px;height:900px" onload="'
        'document.title = this.contentDocument.documentElement.scrollWidth"></iframe>'
    )
    shown = html.fromstring(browse(frame, tmp_path, "--dump-dom", "--virtual-time-budget=3000"))
    assert shown.findtext(".//title") == str(width_px)


def test_every_link_of_the_page_has_a_target(page: Path) -> None:
    shown = html.fromstring(page.read_text(encoding="utf-8"))
    dictionary = html.fromstring(page.with_name("dictionary.html").read_text(encoding="utf-8"))
    for link in [element.get("href", "") for element in shown.findall(".//a")]:
        name, _, anchor = link.partition("#")
        assert (page.parent / name).is_file(), link
        assert not anchor or dictionary.find(f".//*[@id='{anchor}']") is not None, link
