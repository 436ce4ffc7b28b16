"""The two OVD tables that partners may file.

Belongs here: what the registry of layouts needs about them. Does not belong here: how rows are made.
"""

from orchestration.core.contract import Column
from orchestration.submissions.layouts.layout import Layout
from orchestration.submissions.layouts.ovd.columns import NUMERIC, REQUIRED, columns_read
from orchestration.submissions.layouts.ovd.conversion import from_bunker_report, from_log_abstract


def _template(layout: str) -> tuple[Column, ...]:
    meaning = "As in DNV's description of OVD 3.5."
    return tuple(
        Column(
            name,
            "number" if name in NUMERIC else "text",
            meaning,
            example="",
            required=name in REQUIRED[layout],
        )
        for name in columns_read(layout)
    )


OVD_LOG_ABSTRACT = Layout(
    "ovd_log_abstract",
    "DNV Operational Vessel Data (OVD) 3.5, log abstract",
    datasets=("voyage_legs", "fuel_consumption", "rob"),
    columns=_template("ovd_log_abstract"),
    convert=from_log_abstract,
    note="OVD has no columns for corridor cargo. Its legs do not count until a plain voyage_legs file replaces them.",
)
OVD_BUNKER_REPORT = Layout(
    "ovd_bunker_report",
    "DNV Operational Vessel Data (OVD) 3.5, bunker report",
    datasets=("bunker_deliveries",),
    columns=_template("ovd_bunker_report"),
    convert=from_bunker_report,
)
