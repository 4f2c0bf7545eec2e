"""Problem documents (RFC 9457): every error has one, in Chinese, and says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi.responses import JSONResponse

TITLES = {
    400: "请求有误",
    401: "需要读者密钥",
    404: "没有找到",
    405: "不支持的操作",
    410: "已撤回",
    422: "请求有误",
    500: "系统内部错误",
    503: "暂时不可用",
}


@dataclass(eq=False)  # not frozen: whoever passes an exception on may set its traceback
class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error for the client: HTTP status, a stable code, and what happened and what to do, in Chinese."""

    status: int
    code: str
    detail: str
    parameter: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The kind of problem in a few words."""
        return TITLES.get(self.status, "请求未能完成")

    def document(self) -> dict[str, str | int]:
        """Return the problem as the members of a problem document."""
        about = {"parameter": self.parameter} if self.parameter else {}
        return {
            "type": f"urn:jianbao:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **about,
        }


def problem_response(problem: Problem) -> JSONResponse:
    """Return a problem as an answer."""
    return JSONResponse(
        problem.document(), problem.status, headers=dict(problem.headers), media_type="application/problem+json"
    )


def index_unavailable() -> Problem:
    """Return the problem of an index that is missing, damaged or being rebuilt: it comes back by itself."""
    return Problem(
        503,
        "index_unavailable",
        "检索索引正在建立或重建，请稍后再试；已接收的简报不会丢失。",
        headers={"Retry-After": "5"},
    )


def not_found(what: str) -> Problem:
    """Return the problem of something that is not there."""
    return Problem(404, "not_found", f"没有找到{what}，请核对编号。")


def withdrawn() -> Problem:
    """Return the problem of a bulletin that was withdrawn."""
    return Problem(410, "withdrawn", "该简报已由发布单位撤回，不再提供。")
