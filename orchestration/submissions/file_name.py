"""What the name of a file says: layout, dataset, period and format.

Belongs here: reading names, and whether corridor.toml lets the partner file what the name says.
Does not belong here: the content of the file.
"""

import re
from dataclasses import dataclass

from orchestration.core.corridor_file import Partner
from orchestration.submissions.layouts.layout import Layout
from orchestration.submissions.layouts.registry import layout_names, layouts_named
from orchestration.submissions.period import PATTERN, Period
from orchestration.submissions.receipt import Refusal, visible

_NAME = re.compile(
    rf"(?P<layout>[a-z_]+)_(?P<period>{PATTERN})(?:_(?P<free_text>.*?))?\.(?P<extension>[A-Za-z]+(?:\.gz|\.zip)?)"
)


@dataclass(frozen=True)
class FileName:
    """What a name says about one dataset of a file.

    problem: why the file must be refused; dataset and period may be set all the same.
    layout: None if the name does not begin with a layout.
    """

    dataset: str | None = None
    period: Period | None = None
    extension: str = ""
    problem: Refusal | None = None
    free_text: str = ""
    layout: Layout | None = None


def parse_name(name: str) -> list[FileName]:
    """Read `<dataset or layout>_<period>[_free text].<extension>`, once for each dataset that the file holds."""
    match = _NAME.fullmatch(name)
    if not match:
        problem = Refusal(
            "file_name_is_understood",
            f"The file name {visible(name)} cannot be read. Name the file <dataset>_<period>.csv, "
            "with the period as YYYY, YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv. "
            "After the period an underscore and free text may follow.",
        )
        return [FileName(problem=problem)]
    period, extension = Period.parse(match["period"]), match["extension"].lower()
    layouts = layouts_named(match["layout"])
    if not layouts:
        message = f"Unknown dataset {match['layout']}. Begin the file name with one of: {', '.join(layout_names())}."
        return [FileName(problem=Refusal("dataset_is_known", message))]
    layout = next((layout for layout in layouts if layout.reads(extension)), None)
    unsupported = None if layout else _unsupported(match["layout"], extension, layouts)
    layout = layout or layouts[0]
    free_text = match["free_text"] or ""
    return [FileName(dataset, period, extension, unsupported, free_text, layout) for dataset in layout.datasets]


def check_permission(partner: Partner, name: FileName) -> Refusal | None:
    """Return why corridor.toml does not let the partner file this dataset for this period, or None if it does."""
    agreed = partner.datasets.get(name.dataset or "")
    if not agreed:
        files = ", ".join(partner.datasets) or "nothing"
        return Refusal(
            "partner_files_this_dataset",
            f"{partner.id} is not registered to file {name.dataset}. It files {files}. "
            "If that is wrong, ask the secretariat.",
        )
    if name.period and agreed.period not in ("register", name.period.grain):
        return Refusal(
            "period_is_as_agreed",
            f"The period {name.period.text} is a {name.period.grain}, but {name.dataset} is filed by {agreed.period}. "
            f"Send one file for each {agreed.period}.",
        )
    return None


def _unsupported(name: str, extension: str, layouts: list[Layout]) -> Refusal:
    *most, last = dict.fromkeys(ending for layout in layouts for ending in layout.readers)
    endings = f"{', '.join(most)} or {last}" if most else last
    message = f"A file ending in .{extension} cannot be read as {name}."
    remedy = f"Send {endings}, optionally compressed as .gz or .zip."
    return Refusal("file_format_is_supported", f"{message} {remedy}")
