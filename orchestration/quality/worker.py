"""The gate's own process: imports Great Expectations while the run does other work, then answers what it is asked.

Belongs here: the far side of `gate.GateWorker`, one line of JSON in, one line out, and its end with its parent.
Does not belong here: what a check does, or what follows from it.
"""

import json
import os
import queue
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from orchestration.quality.background import Background, lay_out
from orchestration.quality.suites import load_suites
from orchestration.release.candidate import Candidate, attest, connect


def main() -> None:
    """Answer questions until standard input closes, which is also how a parent's death is noticed."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not spoil an answer
    questions: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, questions), daemon=True).start()
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import orchestration.quality.expectations  # noqa: F401  the slow import, ahead of the first question

    while True:
        print(json.dumps(_answer(json.loads(questions.get()))), file=answers, flush=True)


def _listen(source: TextIO, questions: queue.SimpleQueue[str]) -> None:
    for line in source:
        questions.put(line)
    os._exit(0)  # whatever the main thread is at: without a parent nobody waits for it


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    """`results` and `attested` of a verdict; or `error`, why there is none."""
    from orchestration.quality.expectations import Inspection

    candidate = Candidate(Path(question["path"]), question["release_id"])
    background = Background(**{name: path and Path(path) for name, path in question["background"].items()})
    try:
        suites = load_suites(Path(question["suites"])).resolved(question["gate"])
        with connect(candidate) as con:
            attested = attest(con)
            lay_out(con, background, question["gate"])
            rows = Inspection(con, has_previous=background.previous is not None).run(suites)
    except Exception as error:  # whatever it was, the parent has to hear of it
        return {"error": f"{type(error).__name__}: {error}"}
    return {"results": [asdict(row) for row in rows], "attested": attested}


if __name__ == "__main__":
    main()
