"""What an office is told for each code that a receipt may carry: what happened and what to do, in Chinese.

One table, so that wording stays consistent and a test can check that no code is without words.
"""

from __future__ import annotations

from dataclasses import dataclass

from jianbao_contracts.stage_status import Detail


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for one code."""

    message: str
    action: str


NOTICES: dict[str, Notice] = {
    "empty_text": Notice(
        "文件里没有读出任何文字。", "请检查文件是否为空或只有图片，补上文字内容后用同一编号重新推送。"
    ),
    "not_text": Notice(
        "文件内容不是可识别的文字编码。", "请另存为 UTF-8 或 GB18030 编码的纯文本后，用同一编号重新推送。"
    ),
    "too_long": Notice("文件文字过长（超过200万字），不像是一份简报。", "请按期或按篇拆分后，用各自的编号分别推送。"),
    "unsupported_media_type": Notice("暂不支持这种文件类型。", "请转换为纯文本（.txt）后，用同一编号重新推送。"),
    "content_missing": Notice(
        "存放原文的大文件找不到或已损坏。", "请用同一编号重新推送该文件；若再次出现，请联系管理员。"
    ),
    "invalid_event": Notice("系统内部收到一条无法解读的记录，原记录已原样保存。", "无需重新推送，请联系管理员处理。"),
    "internal_error": Notice("处理这份简报时程序出错，原文已原样保存。", "无需重新推送，请联系管理员修复后重放。"),
    "kills_process": Notice(
        "处理这份简报时程序反复异常退出，已单独隔离，原文已原样保存。", "请联系管理员；修复后可由管理员重放。"
    ),
    "repeated_content": Notice(
        "与该简报已有版本内容相同，未产生新版本。", "无需处理。若确需恢复为这一版内容，请带 revert=true 重新推送。"
    ),
    "already_withdrawn": Notice("该简报此前已撤回，本次撤回未产生新版本。", "无需处理。"),
    "nothing_to_withdraw": Notice(
        "没有找到可撤回的简报，本次撤回未产生影响。", "请核对简报编号（bulletin_id）后再撤回。"
    ),
    "superseded": Notice("该版本已被同一简报的更新版本取代。", "无需处理。检索显示最新版本，旧版本仍可按版本号查看。"),
    "withdrawn": Notice("该简报已撤回，不再出现在检索结果中。", "如需再次发布，请带 revert=true 重新推送。"),
    "duplicate_rejected": Notice(
        "与已有简报重复，按本单位设置未予收录。", "如确需收录，请联系管理员把重复策略改为“标记”。"
    ),
}


def detail(code: str, reason: str = "") -> Detail:
    """Return the words for a code; an unknown code is an internal error told as such. `reason` is for operators."""
    notice = NOTICES.get(code, NOTICES["internal_error"])
    return Detail(code=code, message=notice.message, action=notice.action, reason=reason)
