"""The speed of assessing a fuel file of 5 million rows, compared with DuckDB converting it without checks.

Belongs here: that file and both measurements, each in a process of its own. `make bench` prints them.
Does not belong here: any other benchmark.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.core.settings import PROJECT_ROOT

ROWS = 5_000_000
NAME = "fuel_consumption_2025.csv"

CONVERT = """
import duckdb, sys
duckdb.sql(f"set memory_limit = '1GB'; copy (from read_csv('{sys.argv[1]}')) to '{sys.argv[2]}' (format parquet)")
"""
CHECK = """
import sys, tempfile
from pathlib import Path
from orchestration.core.corridor_file import Limits
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.file_name import parse_name
from orchestration.submissions.assessment import Case, assess
from orchestration.submissions.receipt import Receipt
path = Path(sys.argv[1])
(name,) = parse_name(path.name)
draft = Receipt("0", "P", name.dataset, "2025", path.name, path.name, 1, "", "", "2026-01-01T00:00:00Z", 1)
with tempfile.TemporaryDirectory() as scratch, connect(Path(scratch)) as con:
    receipt = assess(con, Path(scratch), Case(path, name, draft, Limits(), lake=Path(sys.argv[2])))
    assert (receipt.verdict, receipt.rows_accepted) == ("accepted", 5_000_000), receipt.message
"""


def main(runs: int) -> None:
    """Print the median times, their ratio, and the peak memory of the assessment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        write_fuel(path)
        alone, checked, memory = [], [], []
        for number in range(runs):
            alone.append(measured(CONVERT, path, Path(folder) / f"alone{number}.parquet")[0])
            seconds, peak = measured(CHECK, path, Path(folder) / f"lake{number}")
            checked.append(seconds)
            memory.append(peak)
        ratio = sorted(a / c for a, c in zip(alone, checked, strict=True))[runs // 2]
        size = path.stat().st_size / 1e6
    print(f"fuel CSV of {ROWS:,} rows, {size:,.0f} MB: DuckDB alone to Parquet {sorted(alone)[runs // 2]:.2f} s,")
    print(
        f"  read, checked and written {sorted(checked)[runs // 2]:.2f} s: {ratio:.2f} of its speed (median of {runs})"
    )
    print(f"  peak memory of the check {max(memory) / 1e9:.2f} GB")


def write_fuel(path: Path) -> None:
    """Write rows of a large fleet in 2025 that are all right."""
    duckdb.sql(f"""
        copy (
            select '3000013' as imo_number,
                strftime(timestamp '2025-01-01' + interval (i * 6) second, '%Y-%m-%dT%H:%M:%SZ') as period_start_utc,
                strftime(timestamp '2025-01-01' + interval (i * 6 + 6) second, '%Y-%m-%dT%H:%M:%SZ') as period_end_utc,
                ['sea', 'berth', 'anchorage', 'manoeuvring'][1 + i % 4] as phase,
                ['main_engine', 'aux_engine', 'boiler'][1 + i % 3] as consumer,
                ['VLSFO', 'MGO', 'LNG'][1 + i % 3] as fuel_type, 'SMPL-BDN-' || (i % 5000) as bdn_number,
                round((i % 191) / 10000.0, 4) as mass_t, 'flow_meter' as measurement
            from range({ROWS}) as t(i)
        ) to '{path}' (format csv, header)
    """)


def measured(script: str, *arguments: Path) -> tuple[float, int]:
    """Return seconds and peak memory in bytes of a Python process."""
    wrapper = (
        "import resource, subprocess, sys, json; "
        "subprocess.run([sys.executable, '-c', *sys.argv[1:]], check=True); "
        "print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
    )
    started = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", wrapper, script, *map(str, arguments)],
        cwd=PROJECT_ROOT, env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - started, json.loads(ended.stdout.splitlines()[-1]) * unit


if __name__ == "__main__":
    main(3)
