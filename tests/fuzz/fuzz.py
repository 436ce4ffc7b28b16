"""`make fuzz`: assess thousands of mutated files. Each must get a receipt whose rows add up, in time.

Belongs here: running mutants and reporting failures. Does not belong here: making mutants (`mutants.py`).
Files that fail are written to tests/fuzz/corpus, which `make test` assesses again.
"""

import argparse
import hashlib
import itertools
import tempfile
import time
from collections import Counter
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.assessment_worker import AssessmentWorker
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt
from tests.fuzz.mutants import file_name, mutants, seeds

CORPUS = Path(__file__).parent / "corpus"
LIMITS = Limits(
    max_seconds=10, max_unpacked_bytes=20_000_000, max_unpacked_document_bytes=20_000_000, max_rejected_share=1
)

# Failed checks that report a fault of the program, not of the file.
FAILURES = {"file_can_be_judged": "unhandled exception", "file_can_be_read": "crash"}


def main() -> None:
    """Assess mutants, print what failed and a summary, and exit with 1 if anything failed."""
    parser = argparse.ArgumentParser(description="Assess mutated files.")
    parser.add_argument("--files", type=int, default=10_500)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    statuses, slowest, failures, started = Counter[str](), 0.0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder, AssessmentWorker() as worker:
        files = seeds(Path(folder))
        for extension, content in itertools.islice(mutants(files, chosen.seed), chosen.files):
            began = time.monotonic()
            receipts = assessed_mutant(worker, Path(folder), extension, content)
            slowest = max(slowest, time.monotonic() - began)
            statuses.update(receipt.verdict for receipt in receipts)
            faults = [fault for fault in map(fault_of, receipts) if fault]
            if faults:
                failures += 1
                print(f"{', '.join(faults)}: {store(extension, content)}", flush=True)
    counts = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in statuses.most_common())
    took = f"{chosen.files} files in {time.monotonic() - started:.0f} s, the slowest {slowest:.2f} s"
    print(f"{took}. Datasets: {counts}.")
    raise SystemExit(1 if failures else 0)


def assessed_mutant(worker: AssessmentWorker, folder: Path, extension: str, content: bytes) -> list[Receipt]:
    """Return the receipts of a file, one per dataset."""
    path = folder / file_name(extension)
    path.write_bytes(content)
    return [worker.assess(case) for case in cases_of(path, LIMITS)]


def fault_of(receipt: Receipt) -> str | None:
    """Return what is wrong with a receipt: a crash, a time-out, or rows that do not add up. None if it is right."""
    rules = {str(finding["rule"]) for finding in receipt.findings}
    for rule, fault in FAILURES.items():
        if rule in rules:
            return fault
    if "took longer" in receipt.message:
        return "out of time"
    if receipt.rows_accepted + receipt.rows_rejected != receipt.rows_read:
        return "rows unaccounted for"
    if receipt.verdict == "accepted" and receipt.findings:
        return "failed checks without a warning"
    return None


def store(extension: str, content: bytes) -> Path:
    """Write a file that failed into the corpus."""
    CORPUS.mkdir(exist_ok=True)
    path = CORPUS / f"{hashlib.sha256(content).hexdigest()[:12]}.{extension}"
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    main()
