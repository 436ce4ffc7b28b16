"""The paths of every file in a release, and of the folders that have the releases.

Belongs here: paths only. Does not belong here: what the files contain, or when a release becomes current (`swap.py`).
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class ReleaseFolder:
    """The folder of a release, or of a candidate.

    Attributes:
        path: The folder.
    """

    path: Path

    def resolved(self) -> Self:
        """Return the same folder with an absolute path without symbolic links."""
        return replace(self, path=self.path.resolve())

    @property
    def internal(self) -> Path:
        """The folder of the confidential files."""
        return self.path / "internal"

    @property
    def warehouse(self) -> Path:
        """The analysts' warehouse file."""
        return self.internal / "warehouse.duckdb"

    @property
    def contributions(self) -> Path:
        """The contributions of a retired release, whose warehouse file is deleted."""
        return self.internal / "contributions.duckdb"

    @property
    def dbt_docs(self) -> Path:
        """The dbt documentation page."""
        return self.internal / "dbt_docs.html"

    @property
    def public(self) -> Path:
        """The folder of the public files."""
        return self.path / "public"

    @property
    def kpis(self) -> Path:
        """The public KPI file."""
        return self.public / "kpis.duckdb"

    @property
    def tables(self) -> Path:
        """The folder of the public tables as Parquet and CSV."""
        return self.public / "kpi"

    @property
    def workbook(self) -> Path:
        """The public tables as an Excel workbook."""
        return self.public / "kpis.xlsx"

    @property
    def dictionary(self) -> Path:
        """The page that describes the public tables."""
        return self.public / "dictionary.html"

    @property
    def method(self) -> Path:
        """The page of the method."""
        return self.public / "method.html"

    @property
    def scorecard(self) -> Path:
        """The page of the scorecard."""
        return self.public / "scorecard.html"

    @property
    def checks(self) -> Path:
        """The folder of the gate's report."""
        return self.path / "checks"

    @property
    def gate_results(self) -> Path:
        """The gate's report for programs."""
        return self.checks / "gate.json"

    @property
    def gate_page(self) -> Path:
        """The gate's report for people."""
        return self.checks / "index.html"

    @property
    def manifest(self) -> Path:
        """The manifest."""
        return self.path / "manifest.json"


@dataclass(frozen=True)
class ReleasesRoot:
    """The folder of all releases of a home.

    Attributes:
        path: The folder.
    """

    path: Path

    def release(self, release_id: str) -> ReleaseFolder:
        """Return the folder of a published release that is not retired."""
        return ReleaseFolder(self.path / release_id)

    @property
    def current(self) -> ReleaseFolder:
        """The current release; its path is the symbolic link."""
        return self.release("current")

    @property
    def refused(self) -> Path:
        """The folder of refused candidates."""
        return self.path / "refused"

    @property
    def retired(self) -> Path:
        """The folder of retired releases."""
        return self.path / "retired"

    @property
    def withdrawn(self) -> Path:
        """The folder of withdrawals; a withdrawn release itself stays where it is."""
        return self.path / "withdrawn"

    def withdrawal(self, release_id: str) -> Path:
        """Return the file that records the withdrawal of a release."""
        return self.withdrawn / f"{release_id}.json"
