"""The version of the code: one content hash of everything that a published value passes through.

Belongs here: hashing code, cheaply and without heavy imports.
Does not belong here: hashing inputs (`defs/inputs_digest.py`).
"""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from orchestration.core.settings import DBT_PROJECT_DIR, METHOD, PROJECT_ROOT

CODE = (".py", ".sql", ".toml", ".j2", ".css")
# Compared by version, not by content: what computes the numbers without being part of the project.
ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations")


def digest_of(parts: Iterable[str]) -> str:
    """SHA-256 (hex) of a sequence of texts; their order and their borders count."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)}:{part}".encode())
    return total.hexdigest()


def tree_digest(root: Path, files: Iterable[Path]) -> str:
    """SHA-256 (hex) of files below root: their relative names and their bytes."""
    parts = []
    for path in sorted(files):
        parts += [path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()]
    return digest_of(parts)


def dbt_project_digest(project_dir: Path = DBT_PROJECT_DIR) -> str:
    """What dbt reads of its project: SQL, YAML and seeds, and the versions of dbt itself."""
    made = {"target", "logs", "dbt_packages"}
    files = (p for p in project_dir.rglob("*") if p.is_file() and p.relative_to(project_dir).parts[0] not in made)
    return digest_of([tree_digest(project_dir, files), version("dbt-core"), version("dbt-duckdb")])


def code_digest() -> str:
    """Return the digest of what a release is made with: Python, SQL, suites, templates and the method page."""
    own = (path for path in (PROJECT_ROOT / "orchestration").rglob("*") if path.suffix in CODE)
    return digest_of([tree_digest(PROJECT_ROOT, [*own, METHOD]), dbt_project_digest(), *map(version, ENGINES)])


def code_version() -> str:
    """The package's version and the first digits of its code's digest: 0.1.0+3f9a1c2b7d04."""
    return f"{version('corridor-warehouse')}+{code_digest()[:12]}"
