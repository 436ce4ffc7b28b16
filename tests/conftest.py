"""Marks each test with its tier, which is the folder it stands in."""

from pathlib import Path

import pytest

TIERS = ("unit", "integration", "pipeline", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = Path(item.path).relative_to(Path(__file__).parent).parts[0]
        if tier not in TIERS:
            raise pytest.UsageError(f"{item.path} stands in no tier: expected one of {', '.join(TIERS)}")
        item.add_marker(tier)
