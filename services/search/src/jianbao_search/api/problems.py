"""Problem documents of the search API: what a reader is told when a request is not answered, and what can be done."""

from __future__ import annotations

from dataclasses import replace

from jianbao_serving.problems import SERVER_KINDS, Kind, Problem, ProblemError
from jianbao_serving.problems import problem as problem_of

__all__ = ["KINDS", "Kind", "Problem", "ProblemError", "index_unavailable", "problem", "refuse"]

LONGEST_RETRY_AFTER_S = 300
"""Of a client that is told to wait for a rebuild: an estimate may be wrong by much."""

KINDS: dict[str, Kind] = {
    **SERVER_KINDS,
    "invalid_query": Kind(400, "检索条件有误", "{reason}", "各项的写法见 /docs 中的接口说明。"),
    "invalid_request": Kind(400, "请求参数有误", "请求中的参数无法解读。", "请对照 /docs 中的接口说明修改。"),
    "invalid_revision": Kind(400, "版本号有误", "“{written}”不是版本号。", "请写从 1 开始的整数。"),
    "reader_key_required": Kind(
        401,
        "需要读者密钥",
        "读者密钥没有提供，或不正确。",
        "请提供读者密钥：Authorization: Bearer 密钥；浏览器中用户名任意，密码填密钥。",
    ),
    "not_found": Kind(404, "没有找到", "没有找到{what}。", "请核对编号。"),
    "withdrawn": Kind(410, "已撤回", "该简报已由发布单位撤回，不再提供。", "如需了解原因，请联系发布单位。"),
    "index_unavailable": Kind(
        503,
        "暂时不可用",
        "检索索引正在建立或重建{how_long}；已接收的简报不会丢失。",
        "请稍后再试；若持续出现，请联系管理员。",
        retry_after=5,
    ),
}


def problem(code: str, *, parameter: str | None = None, **facts: object) -> Problem:
    """Return a problem of a kind; `parameter` is the one of the address that is wrong. Raises KeyError for an unknown
    code."""
    headers = {"WWW-Authenticate": 'Basic realm="Jianbao", charset="UTF-8"'} if KINDS[code].status == 401 else {}
    return problem_of(KINDS, code, facts, parameter=parameter, headers=headers)


def index_unavailable(left_s: float | None) -> Problem:
    """Return the problem of an index that is being made; `left_s`: for about so many seconds more, None: unknown."""
    told = "" if left_s is None else f"，约需{_readable(left_s)}"
    found = problem("index_unavailable", how_long=told)
    return found if left_s is None else replace(found, retry_after=int(min(max(left_s, 5), LONGEST_RETRY_AFTER_S)))


def _readable(seconds: float) -> str:
    return f" {round(seconds)} 秒" if seconds < 90 else f" {round(seconds / 60)} 分钟"


def refuse(code: str, *, parameter: str | None = None, **facts: object) -> ProblemError:
    """Return the exception for a problem, ready to be raised."""
    return ProblemError(problem(code, parameter=parameter, **facts))
