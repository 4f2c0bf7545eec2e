"""What is known of each push while it is on its way: one row a push, for a table, a line or a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from jianbao_contracts import ON_THE_WAY, Receipt, State, identity
from jianbao_standalone.counted import pushes
from jianbao_standalone.pushing.items import PushItem

FAILED = frozenset({"dead_lettered", "rejected", "dropped", "refused", "unsent"})

RowState = State | Literal["unsent", "refused"]
"""Before there is a receipt: not sent (yet), or not taken by ingest."""

STATE_NAMES: dict[str, str] = {
    "unsent": "未发送",
    "refused": "未接收",
    "accepted": "已接收",
    "normalized": "已整理",
    "extracted": "已提取",
    "searchable": "可检索",
    "repeated": "重复",
    "superseded": "已被更新",
    "withdrawn": "已撤回",
    "rejected": "未收录",
    "dead_lettered": "处理失败",
    "dropped": "已放弃",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One push. `since` is when ingest took it (monotonic seconds), `seconds` how long it took to become final."""

    item: PushItem
    state: RowState = "unsent"
    push_id: str = ""
    bulletin_id: str = ""
    code: str = ""
    message: str = ""
    action: str = ""
    related: frozenset[str] = frozenset()
    problem: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    since: float | None = None
    seconds: float | None = None

    @property
    def on_the_way(self) -> bool:
        """Whether ingest has it and more will be said of it."""
        return self.state in ON_THE_WAY

    @property
    def failed(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.state in FAILED

    @property
    def why(self) -> str:
        """What happened and what to do, in words."""
        return f"{self.message}{self.action}" if self.failed else self.message

    @property
    def as_expected(self) -> bool:
        """Whether a manifest's expectation holds; without one, whether nothing failed."""
        wanted = self.item
        if wanted.expected_state is None:
            return not self.failed
        original = wanted.expected_duplicate_of
        return (
            self.state == wanted.expected_state
            and wanted.expected_code in (None, self.code)
            and (original is None or identity.bulletin_id(original[0], original[1], "") in self.related)
        )

    def record(self) -> dict[str, Any]:
        """Return what is told of a push that has no receipt: a stable JSON form."""
        return {
            "state": self.state,
            "office": self.item.office,
            "document_id": self.item.document_id,
            "source": self.item.source,
            "operation": self.item.operation,
            "push_id": None,
            "problem": dict(self.problem) or None,
        }


def accepted(row: Row, push_id: str, bulletin_id: str, now: float) -> Row:
    """Return the row of a push that ingest has."""
    return replace(row, state="accepted", push_id=push_id, bulletin_id=bulletin_id, since=now)


def refused(row: Row, problem: Mapping[str, Any]) -> Row:
    """Return the row of a push that ingest did not take; `problem` is a problem document."""
    words = [str(problem[part]) for part in ("title", "detail") if problem.get(part)]
    return replace(
        row,
        state="refused",
        code=str(problem.get("code", "")),
        message="：".join(words),
        action=str(problem.get("action", "")),
        problem=problem,
    )


def unreadable(row: Row, error: OSError) -> Row:
    """Return the row of a push whose file could not be read."""
    problem = {
        "code": "unreadable_file",
        "title": "无法读取文件",
        "detail": f"{row.item.path}（{error.strerror or error}）",
        "action": "请检查文件是否还在、是否有读取权限，再重新推送。",
    }
    return refused(row, problem)


def with_receipt(row: Row, receipt: Receipt) -> Row:
    """Return the row as a receipt tells it. How long it took stays as it was when the push first was final."""
    took = (receipt.updated_at - receipt.received_at).total_seconds() if receipt.final else None
    return replace(
        row,
        state=receipt.state,
        code=receipt.detail.code if receipt.detail else "",
        message=receipt.detail.message if receipt.detail else "",
        action=receipt.detail.action if receipt.detail else "",
        related=frozenset(relation.bulletin_id for relation in receipt.relations),
        page=receipt.links.get("page", ""),
        seconds=took if row.seconds is None else row.seconds,
    )


def summary(rows: list[Row]) -> str:
    """Return how many pushes ended how."""
    counts = {state: sum(row.state == state for row in rows) for state in STATE_NAMES}
    told = [f"{count} {state}（{STATE_NAMES[state]}）" for state, count in counts.items() if count]
    return f"{pushes(len(rows))}: {', '.join(told)}" if told else "0 pushes"
