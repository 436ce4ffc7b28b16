"""The list of all layouts in which partners may file.

Belongs here: one line for each layout, and finding a layout by file name or dataset.
Does not belong here: the layouts themselves.
"""

from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.layouts.green_button import GREEN_BUTTON
from orchestration.submissions.layouts.layout import Layout, own_layout
from orchestration.submissions.layouts.ovd.layouts import OVD_BUNKER_REPORT, OVD_LOG_ABSTRACT

INDUSTRY_LAYOUTS: tuple[Layout, ...] = (
    OVD_LOG_ABSTRACT,
    OVD_BUNKER_REPORT,
    GREEN_BUTTON,
)


def industry_layouts() -> tuple[Layout, ...]:
    """Return the layouts of the industry."""
    return INDUSTRY_LAYOUTS


def all_layouts() -> tuple[Layout, ...]:
    """Return our own layout of every dataset, then the layouts of the industry."""
    return (*(own_layout(contract) for contract in CONTRACTS.values()), *industry_layouts())


def layout_names() -> list[str]:
    """Return every first part that a file name may have."""
    return list(dict.fromkeys(layout.name for layout in all_layouts()))


def layouts_named(name: str) -> list[Layout]:
    """Return the layouts of files whose name begins with this word. They differ in the formats that they read."""
    return [layout for layout in all_layouts() if layout.name == name]


def templates() -> dict[str, Layout]:
    """Return the layouts that have a template, by name."""
    return {layout.name: layout for layout in all_layouts() if layout.columns}


def industry_layouts_of(dataset: str) -> list[Layout]:
    """Return the industry layouts from which a dataset can be made."""
    return [layout for layout in industry_layouts() if dataset in layout.datasets]
