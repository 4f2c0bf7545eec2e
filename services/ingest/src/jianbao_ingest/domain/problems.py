"""Problem documents (RFC 9457): what an office is told when a request is not taken, and what it can do.

One table, so that wording stays consistent. Nothing here judges content: that is a later stage's work, and its answer
stands in the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping

from jianbao_serving.problems import SERVER_KINDS, Kind, Problem, ProblemError
from jianbao_serving.problems import problem as problem_of

__all__ = ["KINDS", "Kind", "Problem", "ProblemError", "problem", "refuse"]

KINDS: dict[str, Kind] = {
    **SERVER_KINDS,
    "missing_key": Kind(
        401, "缺少密钥", "请求没有带单位密钥。", "请在请求头加上“Authorization: Bearer 密钥”后重新发送。"
    ),
    "missing_bearer": Kind(
        401,
        "密钥写法有误",
        "请求头 Authorization 里，密钥前面缺少“Bearer ”（后有一个空格）。",
        "请写成“Authorization: Bearer 密钥”后重新发送。",
    ),
    "internal_error": Kind(
        500,
        "系统内部出错",
        "处理请求时程序出错，错误已记录。",
        "请稍候重试，重复推送不会产生两份；若持续出现，请联系管理员。",
    ),
    "unknown_key": Kind(
        401, "密钥不正确", "系统中没有这个密钥。", "请核对密钥是否完整；如已遗失，请联系管理员重新发放。"
    ),
    "revoked_key": Kind(401, "密钥已停用", "这个密钥已被停用。", "请改用新密钥；如没有新密钥，请联系管理员发放。"),
    "reader_may_not_push": Kind(
        403, "没有推送权限", "这个密钥只能查询，不能推送或撤回简报。", "请改用本单位的推送密钥，或联系管理员。"
    ),
    "quota_used_up": Kind(
        429,
        "今日推送已达上限",
        "本单位每天最多推送 {quota} 份，今天（北京时间）的已经用完，本次没有接收。",
        "请在北京时间零点以后重新推送；如需提高上限，请联系管理员。撤回简报不受限制。",
    ),
    "foreign_bulletin": Kind(
        403,
        "不是本单位的简报",
        "简报编号 {bulletin} 不属于本单位（{office}）。",
        "只能查询和撤回本单位的简报，请核对简报编号。",
    ),
    "bad_bulletin_id": Kind(
        422,
        "简报编号有误",
        "简报编号应为“单位.32位十六进制数”的形式。",
        "请从推送回执的 bulletin_id 中原样复制简报编号。",
    ),
    "unknown_receipt": Kind(404, "没有这个回执", "没有编号为 {push} 的推送回执。", "请核对推送时返回的 push_id。"),
    "unknown_bulletin": Kind(404, "没有这份简报", "没有编号为 {bulletin} 的简报。", "请核对推送时返回的 bulletin_id。"),
    "receipts_behind": Kind(
        503, "回执正在更新", "回执尚未追上最近的推送，暂时无法确定有无此记录。", "请稍候重试，无需重新推送。"
    ),
    "not_ready": Kind(503, "服务正在启动", "单位名册尚未读完，暂时无法核对密钥。", "请稍候重试。"),
    "log_unavailable": Kind(
        503,
        "暂时无法保存",
        "推送没有得到保存确认（磁盘已满、繁忙或存储不可用）。",
        "请稍候用同样的内容重新推送，重复推送不会产生两份；若持续出现，请联系管理员。",
    ),
    "overloaded": Kind(503, "系统繁忙", "同时到达的推送太多，本次没有接收。", "请稍候用同样的内容重新推送。"),
    "empty_body": Kind(
        422, "内容为空", "请求里没有任何内容。", "请确认选对了文件、文件不是空的；要撤回简报请使用撤回功能。"
    ),
    "too_large": Kind(
        413, "文件太大", "内容超过上限 {limit} MB。", "请去掉图片等非文字内容，或拆分为多份简报后分别推送。"
    ),
    "metadata_too_large": Kind(
        413, "说明信息太大", "请求里的说明信息超过 {limit} KB。", "请缩短标题、来源、理由等说明信息。"
    ),
    "batch_too_large": Kind(
        413,
        "批次太大",
        "一批内容合计不能超过 {limit} MB，从本条起均未接收。",
        "请把本条及以后的内容另成一批重新推送。",
    ),
    "batch_too_long": Kind(
        413, "批次条数太多", "一批最多 {limit} 条，从本条起均未接收。", "请把本条及以后的内容另成一批重新推送。"
    ),
    "empty_batch": Kind(422, "批次为空", "这一批里没有任何一条内容。", "请每行放一个 JSON 对象，或上传至少一个文件。"),
    "bad_json": Kind(
        400, "JSON 有误", "{place}不是正确的 JSON：{reason}。", "请检查括号、引号和编码（须为 UTF-8）后重新发送。"
    ),
    "not_an_object": Kind(
        422, "JSON 有误", "{place}应为一个 JSON 对象（花括号）。", "批量推送请每行放一个 JSON 对象，不要用数组。"
    ),
    "nul_character": Kind(
        422,
        "含有空字符",
        "{place}含有空字符（U+0000），这不是文字。",
        "请去掉空字符；若要原样推送整个文件，请直接上传文件，或在批量推送中改用 content_base64。",
    ),
    "bad_query": Kind(
        400, "网址参数有误", "网址中的参数无法解读：{reason}。", "请用 UTF-8 对参数做百分号编码后重新发送。"
    ),
    "bad_field": Kind(422, "填写的内容有误", "{reasons}", "请更正后重新发送。"),
    "bad_multipart": Kind(
        400,
        "上传格式有误",
        "无法解读上传的表单（multipart）：{reason}。",
        "请检查上传工具；也可以直接把文件作为请求体发送。",
    ),
    "missing_file": Kind(422, "没有文件", "上传的表单里没有名为 file 的文件。", "请把简报文件放在名为 file 的一项中。"),
    "metadata_mismatch": Kind(
        422,
        "说明与文件不符",
        "上传了 {files} 个文件，metadata 却有 {entries} 项说明。",
        "批量上传时 metadata 应为数组，按顺序与文件一一对应；也可以不带 metadata。",
    ),
    "missing_content": Kind(
        422, "没有内容", "这一条没有 content，也没有 content_base64。", "请补上其中一项；撤回请写 operation: retract。"
    ),
    "two_contents": Kind(422, "内容重复", "这一条同时有 content 和 content_base64。", "请只保留其中一项。"),
    "bad_base64": Kind(
        422, "编码有误", "content_base64 不是正确的 Base64。", "请用标准 Base64 重新编码文件内容后推送。"
    ),
    "missing_bulletin": Kind(
        422, "没有指明简报", "撤回时须指明简报。", "请填写 bulletin_id，或推送时所用的 document_id。"
    ),
    "content_encoding": Kind(
        415, "不接收压缩内容", "请求体不能是压缩过的（Content-Encoding: {encoding}）。", "请去掉压缩后重新发送。"
    ),
}


def problem(code: str, *, errors: tuple[Mapping[str, str], ...] = (), **facts: object) -> Problem:
    """Return a problem of a kind; `facts` fill the places in its words. Raises KeyError for an unknown code."""
    status = KINDS[code].status
    headers = {"WWW-Authenticate": 'Bearer realm="jianbao"'} if status == 401 else {}
    return problem_of(KINDS, code, facts, errors=errors, headers=headers)


def refuse(code: str, *, errors: tuple[Mapping[str, str], ...] = (), **facts: object) -> ProblemError:
    """Return the exception for a problem, ready to be raised."""
    return ProblemError(problem(code, errors=errors, **facts))
