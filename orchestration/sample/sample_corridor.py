"""corridor.toml of the sample, as text: the tables of network.py with a word on each for whoever edits a copy.

Belongs here: the wording of the file. Does not belong here: what it may say, which settings.py checks.
"""

from orchestration.core.corridor_file import PeriodGrain
from orchestration.sample.network import DESTINATION_PORTS, ORIGIN_PORTS, PARTNERS, TERMINALS, Partner, Terminal

HEAD = """\
# Everything the pipeline knows about this corridor. For another corridor copy this file into a new home and change
# it; nothing in code or SQL names a port, a partner or a terminal. Checked when read: a message names table and key.
# SAMPLE: partners, terminals and targets below are fictional.

[corridor]
id = "SAMPLE-LA-LB-SHA"                         # in every published row; never change it once published
name = "Los Angeles - Long Beach - Shanghai"
contact = "SAMPLE secretariat, no real address"
sample = true                                   # every output says SAMPLE; remove for a real corridor
as_of = 2026-02-28                              # fixes the clock, samples only; without it a run takes today (UTC)

# The two sides make the directions: outbound is origin to destination, inbound the reverse. UN/LOCODEs of dbt seed
# `ports`; a pair of ports needs a row in seed `sea_distances`.
[corridor.origin]
ports = [{origin}]

[corridor.destination]
ports = [{destination}]

# Terminals that partners' files may name, at a port of one of the sides. The operator is the id of a partner and
# the contributor of the terminal's figures when disclosure is controlled.
"""

PARTNERS_HEAD = """
# Who files. Who a file is from is decided by the inbox it lies in, never by the file.
# role: carrier, terminal, port or cargo_owner. holding: partners of one owner share it; it is what disclosure counts.
# inbox, outbox: any place fsspec can reach (s3://, sftp://, https://); plain paths lie in this home. Files in an
# inbox are never moved or changed; receipts go to the outbox.
# datasets: what the partner files, the period of one file (month, quarter, year; register: filed whole) and the day
# of the month after the period on which it is due.
"""

TAIL = """
# Public figures. kind is the page's layout. primary_for: ports (or port/measure) for which this source is taken
# first; any other source fills what it leaves open. location: an address, or a place in this home. accept: SHA-256 of
# pages taken in although they look wrong; `corridor status` names that of a quarantined page.
[[sources]]
id = "los_angeles"
kind = "los_angeles"
location = "public/los_angeles"
primary_for = ["USLAX"]

[[sources]]
id = "press"
kind = "press"
location = "public/press/port_teu.csv"
primary_for = ["USLGB", "CNSHA", "USLAX/total_empty"]

# Targets: a line from the baseline period's value (the warehouse's own, or baseline_value) to the target year.
# status: commitment (shown with a verdict) or reference (a line for orientation). The corridor has published no
# figure of its own, so the only commitment here is a SAMPLE one.
[[targets]]
kpi_id = "corridor_wtw_g_per_teu_km"
baseline_period = "2024"
target_year = 2030
reduction_pct = 40
authority = "SAMPLE, not an official target"
status = "commitment"

# IMO 2023 strategy, checkpoints of 2030. The 2008 base has no data here, so no verdict is given.
[[targets]]
kpi_id = "corridor_wtw_t"
baseline_period = "2008"
target_year = 2030
reduction_pct = 20
authority = "IMO 2023 GHG strategy, indicative checkpoint"
status = "reference"

[[targets]]
kpi_id = "corridor_wtw_t"
baseline_period = "2008"
target_year = 2030
reduction_pct = 30
authority = "IMO 2023 GHG strategy, striving for"
status = "reference"

[[targets]]
kpi_id = "corridor_wtw_g_per_teu_km"
baseline_period = "2008"
target_year = 2030
reduction_pct = 40
authority = "IMO 2023 GHG strategy, carbon intensity"
status = "reference"

# The dated promises of the real corridor's outline; here they are measured on SAMPLE figures.
[[milestones]]
name = "Ships capable of reduced or zero lifecycle carbon are deployed on the corridor"
due_year = 2025
kpi_id = "capable_vessels_deployed"
at_least = 1
authority = "Implementation Plan Outline of the partnership, 2023"
source = "futurefuels.in/?p=11008"

[[milestones]]
name = "The first zero lifecycle carbon container ship is shown to be feasible"
due_year = 2030
authority = "Implementation Plan Outline of the partnership, 2023"
source = "futurefuels.in/?p=11008"

# A received file beyond these is refused with a receipt. xlsx, json and xml are documents: they are read whole.
[limits]
max_bytes = 1_000_000_000
max_unpacked_bytes = 4_000_000_000
max_document_bytes = 50_000_000
max_unpacked_document_bytes = 400_000_000
max_rows = 20_000_000
max_columns = 500
max_cell_characters = 10_000
max_nesting = 50
max_seconds = 300
max_findings = 10_000
# Of a file with a larger share of wrong rows nothing is accepted: what is wrong with most may be wrong with the rest.
max_rejected_share = 0.2
# A file changed less than a minute ago is looked at again after this pause, and waits if it changes still.
settle_seconds = 2

# What a candidate release must meet before it is published; shares are of 1. Coverage of a year: below the floors.
# Of the release before: how much a published figure may change, and how many rows may be lost, until somebody decides
# (`corridor approve`). Worth a look: a month with that much less than a year before, a port whose figures are old.
[gate]
min_coverage_warn = 0.5
min_coverage_block = 0.0
max_restatement = 0.1
max_row_loss = 0.1
max_year_drop_warn = 0.5
max_throughput_age_months_warn = 4

# The total TEU a port can have handled in a month: a figure outside means that its unit was misread.
[[gate.monthly_teu]]
port = "CNSHA"
min_teu = 2_500_000
max_teu = 6_000_000

# Releases kept: the newest ones, and with keep_yearly the last of every year.
[retention]
keep_last = 30
keep_yearly = true

# webhook_env names the environment variable that holds the address told of a failed or refused run, and of public
# pages newly out of use; unset: nobody.
[alerts]
"""


def corridor_toml(grain: PeriodGrain | None = None) -> str:
    """The text of corridor.toml; `grain` overrides the period of every file, as a sample of one month needs."""
    head = HEAD.format(origin=_quoted(ORIGIN_PORTS), destination=_quoted(DESTINATION_PORTS))
    terminals = "\n".join(_terminal(t) for t in TERMINALS)
    partners = "\n".join(_partner(p, grain) for p in PARTNERS)
    return head + terminals + PARTNERS_HEAD + partners + TAIL


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _terminal(terminal: Terminal) -> str:
    return (
        f'[[terminals]]\ncode = "{terminal.code}"\nname = "{terminal.name}"\nport = "{terminal.port}"\n'
        f'operator = "{terminal.operator}"\n'
    )


def _partner(partner: Partner, grain: PeriodGrain | None) -> str:
    lines = [
        "[[partners]]",
        f'id = "{partner.id}"',
        f'name = "{partner.name}"',
        f'role = "{partner.role}"',
        f'holding = "{partner.holding}"',
        f'inbox = "inbox/{partner.id}"',
        f'outbox = "outbox/{partner.id}"',
        "[partners.datasets]",
    ]
    for dataset, (period, due_day) in partner.files.items():
        said = grain if grain and period != "register" else period
        lines.append(f'{dataset} = {{ period = "{said}", due_day = {due_day} }}')
    return "\n".join(lines) + "\n"
