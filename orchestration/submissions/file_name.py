"""What the name of a file says: dataset, period, layout and format.

Belongs here: reading names, and whether corridor.toml lets the partner file what the name says.
Does not belong here: the content of the file.
"""

import re
from dataclasses import dataclass

from orchestration.core.corridor_file import Partner
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.ovd_columns import OVD_DATASETS
from orchestration.submissions.formats.reading import EXTENSIONS, is_supported
from orchestration.submissions.period import PATTERN, Period
from orchestration.submissions.receipt import Refusal, visible

_NAME = re.compile(
    rf"(?P<dataset>[a-z_]+)_(?P<period>{PATTERN})(?:_(?P<free_text>.*?))?\.(?P<extension>[A-Za-z]+(?:\.gz|\.zip)?)"
)


@dataclass(frozen=True)
class FileName:
    """What a name says: dataset and period, or the problem for which the file must be refused, or all three.

    layout: the industry's table from which the rows of the dataset are made; empty where they are filed as they are.
    """

    dataset: str | None = None
    period: Period | None = None
    extension: str = ""
    problem: Refusal | None = None
    free_text: str = ""
    layout: str = ""


def parse_name(name: str) -> list[FileName]:
    """What `<dataset>_<period>[_free text].<extension>` says, once for each dataset the file holds."""
    match = _NAME.fullmatch(name)
    if not match:
        problem = Refusal(
            "file_name_is_understood",
            f"The name {visible(name)} is not understood. Name the file <dataset>_<period>.csv, "
            "with the period as YYYY, YYYY-Qn or YYYY-MM, for example fuel_consumption_2025-03.csv; "
            "free text may follow after an underscore.",
        )
        return [FileName(problem=problem)]
    dataset, period, extension = match["dataset"], Period.parse(match["period"]), match["extension"].lower()
    if dataset not in CONTRACTS and dataset not in OVD_DATASETS:
        known = ", ".join([*CONTRACTS, *OVD_DATASETS])
        return [FileName(problem=Refusal("dataset_is_known", f"{dataset} is no dataset. The datasets are: {known}."))]
    unsupported = None
    if not is_supported(extension):
        unsupported = Refusal(
            "file_format_is_supported",
            f".{extension} files are not read. Send {', '.join(EXTENSIONS[:-1])} or {EXTENSIONS[-1]}, "
            "any of them also as .gz or .zip.",
        )
    elif extension.startswith("xml") and dataset != "terminal_energy":
        unsupported = Refusal("file_format_is_supported", "Only terminal_energy is read from .xml (Green Button).")
    free_text = match["free_text"] or ""
    if dataset in OVD_DATASETS:
        made = OVD_DATASETS[dataset]
        return [FileName(name, period, extension, unsupported, free_text, layout=dataset) for name in made]
    return [FileName(dataset, period, extension, unsupported, free_text)]


def check_permission(partner: Partner, name: FileName) -> Refusal | None:
    """Why corridor.toml does not let the partner file this dataset by this period, or None."""
    duty = partner.datasets.get(name.dataset or "")
    if not duty:
        files = ", ".join(partner.datasets) or "nothing"
        return Refusal(
            "partner_files_this_dataset",
            f"{partner.id} does not file {name.dataset}; it files {files}. Ask the secretariat if that is wrong.",
        )
    if name.period and duty.period not in ("register", name.period.grain):
        return Refusal(
            "period_is_as_agreed",
            f"{name.dataset} is filed by {duty.period}, and {name.period.text} is a {name.period.grain}. "
            f"Send one file for each {duty.period}.",
        )
    return None
