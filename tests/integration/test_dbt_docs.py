"""The dbt documentation page: made on demand for a code version, and linked into releases of that version."""

from pathlib import Path

import pytest

from orchestration.core.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.release.dbt_docs import dbt_docs_page, link_dbt_docs
from orchestration.release.release_folder import ReleaseFolder
from orchestration.warehouse.dbt_docs import write_dbt_docs


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    starter = PROJECT_ROOT / "orchestration" / "cli" / "starter.toml"
    (tmp_path / "corridor.toml").write_text(starter.read_text(encoding="utf-8"), encoding="utf-8")
    return load_settings(tmp_path)


def test_the_page_describes_models_and_exposures(home: Settings) -> None:
    page = write_dbt_docs(home)
    text = page.read_text(encoding="utf-8")
    assert "fct_voyage_legs" in text
    assert "analysts_warehouse" in text
    assert not home.warehouse.exists()


def test_a_release_links_the_page_of_its_code_version(home: Settings, tmp_path: Path) -> None:
    release = ReleaseFolder(tmp_path)
    release.internal.mkdir()
    page = dbt_docs_page(home, "1.0.0+abc")
    page.parent.mkdir(parents=True)
    page.write_text("documentation", encoding="utf-8")
    link_dbt_docs(home, "1.0.0+abc", release)
    assert release.dbt_docs.read_text(encoding="utf-8") == "documentation"


def test_a_release_without_a_page_of_its_code_version_has_no_link(home: Settings, tmp_path: Path) -> None:
    release = ReleaseFolder(tmp_path)
    release.internal.mkdir()
    link_dbt_docs(home, "1.0.0+abc", release)
    assert list(release.internal.iterdir()) == []
