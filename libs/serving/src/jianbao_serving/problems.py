"""Problem documents (RFC 9457): what a client is told when its request is not done, and what it can do. Pure.

A service adds the kinds of its own to those of the server; each table is one, so that wording stays consistent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PROBLEM_JSON = "application/problem+json"

RETRY_AFTER_S = 2
"""What a client is told to wait when nothing is wrong with its request: a busy disk or a restart is over by then."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: HTTP status, and words in Chinese; `{name}` is filled in from the facts.

    `retry_after`: seconds, of a 503 only.
    """

    status: int
    title: str
    detail: str
    action: str
    retry_after: int = RETRY_AFTER_S


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as it happened. `errors` lists the fields that are wrong, `parameter` names the one of the address
    that is; `retry_after` is in seconds."""

    code: str
    status: int
    title: str
    detail: str
    action: str
    errors: tuple[Mapping[str, str], ...] = ()
    parameter: str | None = None
    retry_after: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """Return the members of the problem document; all from `code` on are extensions of the standard ones."""
        members: dict[str, object] = {
            "type": f"urn:jianbao:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "action": self.action,
        }
        if self.errors:
            members["errors"] = [dict(error) for error in self.errors]
        if self.parameter:
            members["parameter"] = self.parameter
        return members

    def all_headers(self) -> dict[str, str]:
        """Return the headers of the answer, save those of its body."""
        waiting = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return {**self.headers, **waiting}


class ProblemError(Exception):
    """The request cannot be done; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


SERVER_KINDS: dict[str, Kind] = {
    "bad_request": Kind(
        400, "请求有误", "这不是正确的 HTTP 请求（{reason}）。", "请检查发送工具；请求方式见 /docs 中的接口说明。"
    ),
    "raw_address": Kind(
        400,
        "网址未编码",
        "网址中直接写了汉字等字符，按 HTTP 的规定须先做百分号编码（UTF-8）。",
        '请编码后重新发送：“文明”写作 %E6%96%87%E6%98%8E；用 curl 时写 curl -G 网址 --data-urlencode "q=文明"。',
    ),
    "bad_body": Kind(
        400, "请求内容有误", "请求内容的传输格式有误（{reason}）。", "请检查发送工具或网络设备后重新发送。"
    ),
    "cut_short": Kind(400, "上传中断", "连接在内容传完之前就断开了，本次没有接收。", "请检查网络后重新发送。"),
    "unknown_path": Kind(404, "没有这个地址", "这里没有 {path}。", "请查看 /docs 中的接口说明。"),
    "wrong_method": Kind(405, "请求方式有误", "{path} 不支持 {method}。", "请查看 /docs 中的接口说明。"),
    "slow_head": Kind(408, "请求超时", "等待请求头超时。", "请检查网络后重新发送。"),
    "slow_body": Kind(408, "上传中断", "等待上传内容超时。", "请检查网络后重新推送。"),
    "head_too_large": Kind(
        431, "请求头太大", "网址和请求头合计超过 {limit} KB。", "请缩短网址参数；内容请放在请求体里。"
    ),
    "internal_error": Kind(
        500,
        "系统内部出错",
        "处理请求时程序出错，错误已记录。",
        "请稍候重试；若持续出现，请联系管理员。",
    ),
    "unknown_transfer": Kind(
        501, "不支持的传输方式", "不支持请求头中的 Transfer-Encoding。", "请用 Content-Length 或 chunked 发送。"
    ),
    "stopping": Kind(503, "服务正在停止", "服务正在停止或重启，本次没有处理。", "请稍候重试；推送可以放心重发。"),
    "too_many_connections": Kind(
        503, "连接太多", "同时打开的连接太多，这个连接等得最久，已被关闭。", "请稍候重试；推送可以放心重发。"
    ),
    "unknown_version": Kind(505, "不支持的 HTTP 版本", "不支持 HTTP/{version}。", "请用 HTTP/1.1 重新发送。"),
}
"""What the server itself says, whatever is served."""


def problem(
    kinds: Mapping[str, Kind],
    code: str,
    facts: Mapping[str, object],
    *,
    errors: tuple[Mapping[str, str], ...] = (),
    parameter: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Problem:
    """Return a problem of a kind; `facts` fill the places in its words. Raises KeyError for an unknown code."""
    kind = kinds[code]
    return Problem(
        code=code,
        status=kind.status,
        title=kind.title,
        detail=kind.detail.format(**facts),
        action=kind.action,
        errors=errors,
        parameter=parameter,
        retry_after=kind.retry_after if kind.status == 503 else None,
        headers=headers or {},
    )


def server_problem(code: str, *, headers: Mapping[str, str] | None = None, **facts: object) -> Problem:
    """Return a problem of the server itself."""
    return problem(SERVER_KINDS, code, facts, headers=headers)
