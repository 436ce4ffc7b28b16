"""The job of the graph.

Belongs here: which assets one run materialises. Does not belong here: when it runs (`schedules.py`).
"""

import dagster as dg

main_job = dg.define_asset_job(
    "main_job",
    selection=dg.AssetSelection.all(),
    description="Take in submissions and public statistics, compute the warehouse, check it, publish a release.",
)
