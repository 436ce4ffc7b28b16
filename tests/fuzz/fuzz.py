"""`make fuzz`: thousands of mutated files through the judge; each must get a verdict that adds up, in time.

What fails is written to tests/fuzz/corpus, which `make test` judges again.
"""

import argparse
import hashlib
import itertools
import tempfile
import time
from collections import Counter
from pathlib import Path

from orchestration.core.corridor_file import Limits
from orchestration.submissions.assessment_worker import Judging
from orchestration.submissions.local_check import cases_of
from orchestration.submissions.receipt import Receipt
from tests.fuzz.mutants import file_name, mutants, seeds

CORPUS = Path(__file__).parent / "corpus"
LIMITS = Limits(
    max_seconds=10, max_unpacked_bytes=20_000_000, max_unpacked_document_bytes=20_000_000, max_rejected_share=1
)

# Verdicts that say more of this program than of the file.
FAILURES = {"file_can_be_judged": "unhandled exception", "file_can_be_read": "crash"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Judge mutated files until there were enough of them.")
    parser.add_argument("--files", type=int, default=10_500)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    verdicts, slowest, failures, started = Counter[str](), 0.0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Judging() as judging:
        files = seeds(Path(folder))
        for extension, content in itertools.islice(mutants(files, chosen.seed), chosen.files):
            began = time.monotonic()
            receipts = judged_mutant(judging, Path(folder), extension, content)
            slowest = max(slowest, time.monotonic() - began)
            verdicts.update(receipt.verdict for receipt in receipts)
            complaints = [complaint for complaint in map(complaint_about, receipts) if complaint]
            if complaints:
                failures += 1
                print(f"{', '.join(complaints)}: {keep(extension, content)}", flush=True)
    told = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in verdicts.most_common())
    took = f"{chosen.files} files in {time.monotonic() - started:.0f} s, the slowest {slowest:.2f} s"
    print(f"{took}; of their datasets {told}")
    raise SystemExit(1 if failures else 0)


def judged_mutant(judging: Judging, folder: Path, extension: str, content: bytes) -> list[Receipt]:
    """The receipts of a file, one for each dataset that it is about."""
    path = folder / file_name(extension)
    path.write_bytes(content)
    return [judging.judge(case) for case in cases_of(path, LIMITS)]


def complaint_about(receipt: Receipt) -> str | None:
    """What a receipt must never be: of a crash, of a file out of time, or with rows unaccounted for."""
    rules = {str(finding["rule"]) for finding in receipt.findings}
    for rule, complaint in FAILURES.items():
        if rule in rules:
            return complaint
    if "took longer" in receipt.message:
        return "out of time"
    if receipt.rows_accepted + receipt.rows_rejected != receipt.rows_read:
        return "rows unaccounted for"
    if receipt.verdict == "accepted" and receipt.findings:
        return "findings without a warning"
    return None


def keep(extension: str, content: bytes) -> Path:
    """Put a file that failed into the corpus."""
    CORPUS.mkdir(exist_ok=True)
    path = CORPUS / f"{hashlib.sha256(content).hexdigest()[:12]}.{extension}"
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    main()
