"""The dbt documentation page in a release.

Belongs here: the path of the page of a code version, and linking it into a release.
Does not belong here: making the page (`orchestration/warehouse/dbt_docs.py`), which is too slow for a daily run.
"""

import os
import shutil
from pathlib import Path

from orchestration.core.settings import Settings
from orchestration.release.release_folder import ReleaseFolder


def dbt_docs_page(settings: Settings, code_version: str) -> Path:
    """Return the path of the dbt documentation page of a code version, whether or not it exists."""
    return settings.warehouse_dir / "docs" / code_version / "index.html"


def link_dbt_docs(settings: Settings, code_version: str, release: ReleaseFolder) -> None:
    """Link the dbt documentation page into a release, if it was made for this code version.

    Args:
        settings: The home.
        code_version: The version of the code that builds the release.
        release: The release.
    """
    page = dbt_docs_page(settings, code_version)
    if not page.is_file():
        return
    try:
        os.link(page, release.dbt_docs)
    except OSError:
        # Some file systems have no hard links.
        shutil.copyfile(page, release.dbt_docs)
