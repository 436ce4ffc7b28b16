"""docs/method.md: every cited anchor exists, and every link between pages of docs/ leads somewhere."""

import re
from pathlib import Path

import pytest

from orchestration.core.settings import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
SUFFIXES = {".py", ".sql", ".yml", ".csv", ".md", ".toml", ".j2"}
FOLDERS = ("orchestration", "dbt_project", "tests", "docs", "data")
MADE_BY_RUNS = {"target", "logs", "lake", "warehouse", "releases", "dagster", "outbox", "approvals", "__pycache__"}


def anchors(page: Path) -> set[str]:
    """Return the explicit anchors of a page, and those that its headings give on a code host."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*?)(?: \{#[a-z0-9-]+\})?$", text, re.MULTILINE)
    slugs = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return {*re.findall(r"\{#([a-z0-9-]+)\}", text), *slugs}


def project_files() -> list[Path]:
    files = [path for folder in FOLDERS for path in (PROJECT_ROOT / folder).rglob("*") if path.suffix in SUFFIXES]
    return [path for path in files if MADE_BY_RUNS.isdisjoint(path.relative_to(PROJECT_ROOT).parts)]


def test_every_cited_anchor_of_the_method_exists() -> None:
    cited = {
        anchor: path
        for path in project_files()
        for anchor in re.findall(r"method\.(?:md|html)#([a-z0-9-]+)", path.read_text(encoding="utf-8"))
    }
    assert cited
    assert {anchor: str(path) for anchor, path in cited.items() if anchor not in anchors(DOCS / "method.md")} == {}


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text("utf-8")):
        linked = (page.parent / target).resolve() if target else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), f"{target}#{anchor}"
