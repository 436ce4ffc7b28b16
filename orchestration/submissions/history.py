"""What earlier receipts say: which files have been answered, and which submission is current.

Belongs here: bookkeeping over receipts. Does not belong here: reading or writing them (`core/lake.py`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.receipt import ACCEPTED, Receipt

# Partner, dataset and period. A register has one slot whatever its period, because each filing replaces the whole.
Slot = tuple[str | None, str | None, str | None]


@dataclass
class History:
    """Receipts in the order in which they were written, summed up.

    answered: the identity of every file and dataset with a receipt. listings: the same as the storage lists files.
    ordinals: the number of receipts per slot. current: the submission of each slot that counts.
    """

    answered: set[tuple[object, ...]] = field(default_factory=set)
    listings: set[tuple[object, ...]] = field(default_factory=set)
    ordinals: Counter[Slot] = field(default_factory=Counter)
    current: dict[Slot, Receipt] = field(default_factory=dict)

    @classmethod
    def of(cls, receipts: Iterable[Receipt]) -> "History":
        """Sum up receipts, in the order of their ordinals."""
        history = cls()
        for receipt in sorted(receipts, key=lambda receipt: receipt.ordinal):
            history.add(receipt)
        return history

    def add(self, receipt: Receipt) -> None:
        """Add a receipt that was written after all others."""
        slot = slot_of(receipt)
        self.answered.add(receipt.identity)
        self.listings.add(receipt.identity[:-2])
        self.ordinals[slot] = max(self.ordinals[slot], receipt.ordinal)
        if receipt.verdict in ACCEPTED:
            self.current[slot] = receipt


def slot_of(receipt: Receipt) -> Slot:
    """Return what a submission replaces, if anything is there."""
    is_register = receipt.dataset is not None and CONTRACTS[receipt.dataset].register
    return receipt.partner_id, receipt.dataset, None if is_register else receipt.period
