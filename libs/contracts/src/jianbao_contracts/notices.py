"""What an office is told for each code that a receipt may carry: what happened and what to do, in Chinese.

One table, so that wording stays consistent and a test can check that no code is without words. A code is either a reason
that a stage gave, or the name of a state, for which a receipt has words where no stage gave a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from jianbao_contracts.base import Operation
from jianbao_contracts.stage_status import Detail, State


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for one code."""

    message: str
    action: str


_PUBLISH_AGAIN = "请带 revert=true 重新推送（命令行加 --again）"
"""The only way to publish content that was pushed before: the same push sent again is the same push."""

_WAIT = "无需处理，通常几秒内完成；超过十分钟仍是这个状态，请联系管理员。"

NOTICES: dict[str, Notice] = {
    "accepted": Notice("已收到并妥善保存，正在排队整理文字。", _WAIT),
    "normalized": Notice("文字已整理成规范的简体，正在提取文章、地区和数据。", _WAIT),
    "extracted": Notice("文章和数据已提取，正在编入检索。", _WAIT),
    "searchable": Notice("已编入检索，现在就能查到。", "无需处理。可在检索页面按标题或正文查看。"),
    "repeated": Notice("与以前的推送相同，未产生新版本。", "无需处理。"),
    "rejected": Notice("按本单位设置未予收录。", "如有疑问，请联系管理员。"),
    "dead_lettered": Notice("处理这份简报时遇到问题，未能发布；原文已原样保存。", "请联系管理员查看原因。"),
    "empty_text": Notice(
        "文件里没有读出任何文字。", "请检查文件是否为空或只有图片，补上文字内容后用同一编号重新推送。"
    ),
    "not_text": Notice(
        "文件内容不是文字（可能是图片、扫描件或损坏的文件），或用了不能识别的编码。",
        "请把文字另存为 UTF-8 或 GB18030 编码的纯文本（.txt）后，用同一编号重新推送。",
    ),
    "too_long": Notice("文件文字过长（超过200万字），不像是一份简报。", "请按期或按篇拆分后，用各自的编号分别推送。"),
    "unsupported_media_type": Notice(
        "暂不支持这种文件类型，目前只接收纯文本和网页（HTML）。",
        "请在原软件中“另存为”纯文本（.txt）后，用同一编号重新推送；压缩包请先解压，再逐份推送。",
    ),
    "content_missing": Notice(
        "存放原文的大文件找不到或已损坏，这份简报未能发布。", f"{_PUBLISH_AGAIN}；若再次出现，请联系管理员。"
    ),
    "invalid_event": Notice("系统内部收到一条无法解读的记录，原记录已原样保存。", "无需重新推送，请联系管理员处理。"),
    "internal_error": Notice("处理这份简报时程序出错，原文已原样保存。", "无需重新推送，请联系管理员修复后重放。"),
    "kills_process": Notice(
        "处理这份简报时程序反复异常退出，已单独隔离，原文已原样保存。", "请联系管理员；修复后可由管理员重放。"
    ),
    "repeated_content": Notice(
        "与该简报已有版本内容相同，未产生新版本。",
        f"请看该版本的回执（refers_to）：已能查到的，无需处理；若要让这一版内容重新发布，{_PUBLISH_AGAIN}。",
    ),
    "repeated_declaration": Notice(
        "与该简报已有版本内容相同，未产生新版本；但这次申报的标题、日期或地区与该版本不同，未被采用。",
        f"若要改用这次申报的信息，{_PUBLISH_AGAIN}；若不改，无需处理（该版本的回执见 refers_to）。",
    ),
    "already_withdrawn": Notice("该简报此前已撤回，本次撤回未产生新版本。", "无需处理。"),
    "nothing_to_withdraw": Notice(
        "没有找到可撤回的简报，本次撤回未产生影响。", "请核对简报编号（bulletin_id）后再撤回。"
    ),
    "superseded": Notice(
        "该版本已被同一简报的更新版本取代。", "无需处理。检索显示最新版本；简报未撤回时，旧版本仍可按版本号查看。"
    ),
    "arrived_late": Notice(
        "处理到这次推送时，该简报已有更新的版本，这次推送没有生效。",
        f"无需处理。若确需改用这一版内容，{_PUBLISH_AGAIN}；若仍要撤回，请再撤回一次。",
    ),
    "withdrawn": Notice(
        "该简报已撤回：不再出现在检索结果中，撤回前的各版本也不再公开。", f"无需处理。如需再次发布，{_PUBLISH_AGAIN}。"
    ),
    "repeated_dead_letter": Notice(
        "同样的内容此前推送过，但当时未能处理（原因见所链接的回执），本次未再处理。",
        f"如已改正文件类型或编码声明，{_PUBLISH_AGAIN}；否则请按所链接回执（refers_to）中的提示处理。",
    ),
    "dropped": Notice(
        "这份简报未能处理，经管理员确认后已放弃，不会收录。",
        f"如仍需收录，请改正内容后用同一编号重新推送；若内容不变，{_PUBLISH_AGAIN}。",
    ),
    "duplicate_rejected": Notice(
        "与已有简报重复，按本单位设置未予收录。",
        f"无需处理。如确需收录，请联系管理员把本单位的重复策略改为“标记”，改好后{_PUBLISH_AGAIN}。",
    ),
}

_OF_RETRACTIONS: dict[State, Notice] = {
    "accepted": Notice("撤回请求已收到并妥善保存，正在排队处理。", _WAIT),
    "normalized": Notice("撤回请求已核对，正在从检索中撤下。", _WAIT),
    "extracted": Notice("撤回请求已核对，正在从检索中撤下。", _WAIT),
}
"""Where the words on a push to publish would be wrong for a retraction."""

RELATIONS: dict[str, str] = {
    "exact": "内容相同",
    "near": "内容相近",
    "correction": "更正（有数字、姓名或日期不同）",
    "contains": "收录了对方的文章",
    "contained_in": "被对方收录",
}
"""How a bulletin relates to one that was there before it."""


def detail(code: str, reason: str = "") -> Detail:
    """Return the words for a code; an unknown code is an internal error told as such. `reason` is for operators."""
    notice = NOTICES.get(code, NOTICES["internal_error"])
    return Detail(code=code, message=notice.message, action=notice.action, reason=reason)


def detail_of_state(state: State, operation: Operation) -> Detail:
    """Return the words for a state where no stage gave a reason: where a push is now, and what there is to do."""
    notice = _OF_RETRACTIONS.get(state, NOTICES[state]) if operation == "retract" else NOTICES[state]
    return Detail(code=state, message=notice.message, action=notice.action)
