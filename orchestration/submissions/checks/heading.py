"""Match the heading of a file with the columns of a contract.

Belongs here: which cell of the heading is which column, and what is wrong with the heading.
Does not belong here: the cells below the heading.
"""

import re
from dataclasses import dataclass, field

from orchestration.core.contract import Contract
from orchestration.submissions.receipt import FailedCheck, Refusal, about_file, visible


@dataclass(frozen=True)
class Heading:
    """A matched heading.

    written: the cells as the sender wrote them. places: the position of each column of the contract.
    ignored: headings that the contract does not have. renamed: columns that the file has under their former names.
    """

    written: list[str]
    places: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)

    def missing_from(self, contract: Contract) -> list[str]:
        """Return the columns that every row needs and that the heading does not have."""
        return [column.name for column in contract.columns if column.must_be_filled and column.name not in self.places]


def match_heading(contract: Contract, written: list[str]) -> Heading:
    """Find the columns of a contract in a heading. Raises Refusal if one of them is there twice."""
    heading = Heading(written)
    for place, text in enumerate(written):
        name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
        if name in contract.by_former_name:
            name = contract.by_former_name[name].name
            heading.renamed.append(name)
        if name in heading.places:
            message = f"The column {name} is in the heading twice. Keep only one of them."
            raise Refusal("heading_is_unique", message, name)
        if name in contract.by_name:
            heading.places[name] = place
        elif text.strip():
            heading.ignored.append(visible(text.strip()))
    return heading


def heading_warnings(contract: Contract, heading: Heading) -> list[FailedCheck]:
    """Return warnings about ignored columns and former names."""
    unknown = f"{contract.dataset} has no column {{}}, so it was ignored."
    ignored = f"{unknown} If the name is misspelt, correct it and send the file again."
    renamed = "The column {0} has its former name. It was read; name it {0} from now on."
    return [
        *(about_file("column_is_known", "warning", ignored.format(name), name) for name in heading.ignored),
        *(about_file("column_has_its_name", "warning", renamed.format(name), name) for name in heading.renamed),
    ]


def missing_columns(missing: list[str], heading: Heading, rows_read: int) -> Refusal:
    """Return the refusal of a file whose heading lacks required columns."""
    have = ", ".join(visible(name.strip()) for name in heading.written[:50])
    message = f"The heading lacks {', '.join(missing)}. The heading is: {have}. Add what is missing, and send it again."
    return Refusal("required_columns_are_there", message, missing[0], rows_read)
