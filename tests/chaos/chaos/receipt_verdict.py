"""What receipts must say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from chaos.model import Fate, Story
from chaos.observed import Observed, Receipt
from chaos.violations import Violation


def receipts_of(observed: Observed) -> dict[str, Receipt]:
    """Return the listed receipts by push id."""
    return {receipt.push_id: receipt for page in observed.listed.values() for receipt in page}


def agrees(fate: Fate, receipt: Receipt) -> bool:
    """Return whether a receipt says what the fate of its push is. A dead letter need not tell its revision."""
    untold = fate.state == "dead_lettered" and receipt.revision is None
    return (
        receipt.final
        and (receipt.state, receipt.code) == (fate.state, fate.code)
        and (untold or receipt.revision == fate.revision)
        and (not fate.refers_to or receipt.refers_to in fate.refers_to)
    )


def verify(observed: Observed, told: Mapping[str, Story]) -> Iterator[Violation]:
    """Yield what is wrong with the receipts of all offices."""
    receipts = receipts_of(observed)
    fates = {push_id: fate for story in told.values() for push_id, fate in story.fates.items()}
    made = {one.push_id: one for one in observed.acknowledged}
    for push_id, one in made.items():
        if push_id not in receipts:
            yield Violation("lost", push_id, f"the {one.push.kind} push of {one.bulletin_id} has no receipt")
        elif not receipts[push_id].final:
            yield Violation("stuck", push_id, f"the {one.push.kind} push is still {receipts[push_id].state}")
        elif push_id in fates and not agrees(fates[push_id], receipts[push_id]):
            yield Violation(
                "wrong",
                push_id,
                f"{one.push.kind} of {one.bulletin_id}: must be {fates[push_id]}, is {receipts[push_id]}",
            )
    yield from _lists(observed, set(made))
    for push_id, receipt in observed.asked.items():
        if receipt != receipts.get(push_id):
            yield Violation("wrong", push_id, f"asked for alone it is {receipt}, in the list {receipts.get(push_id)}")


def _lists(observed: Observed, made: set[str]) -> Iterator[Violation]:
    offices = {one.push_id: one.push.office for one in observed.acknowledged}
    for office, listed in observed.listed.items():
        for push_id, times in Counter(receipt.push_id for receipt in listed).items():
            if times > 1:
                yield Violation("twice", push_id, f"stands {times} times in the list of {office}")
            if push_id not in made:
                yield Violation("invented", push_id, f"{office} has a receipt for a push that nobody made")
            elif offices[push_id] != office:
                yield Violation("wrong", push_id, f"{office} sees the receipt of {offices[push_id]}")
