"""The page /docs: the interface description as plain HTML, so that an office without internet can read it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;line-height:1.6}"
    "code,pre{background:#f4f4f4;padding:.1em .3em}pre{padding:.8em;overflow:auto}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}"
)
POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
"""No script runs and nothing is loaded."""

PLACES = {"query": "网址参数", "header": "请求头", "path": "路径", "cookie": "Cookie"}
OF_OPERATORS = ["运行"]
"""The tag of what is for operators: its descriptions are theirs, in English."""


def docs_page(example: str) -> APIRouter:
    """Return the route of the page. In `example`, commands that show how to ask, `{base}` is the address of the API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> HTMLResponse:
        described = request.app.openapi()
        shown = example.replace("{base}", str(request.base_url))
        return HTMLResponse("".join(_page(described, shown)), headers=POLICY)

    return router


def _page(described: dict[str, Any], example: str) -> Iterator[str]:
    info = described["info"]
    yield f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
    yield f"<style>{STYLE}</style><h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"
    yield '<p>机器可读的完整说明：<a href="/openapi.json">/openapi.json</a></p>'
    yield f"<h2>示例</h2><pre>{escape(example)}</pre>"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"<h2>{escape(operation.get('summary', ''))}</h2><p><code>{method.upper()} {escape(path)}</code></p>"
            if operation.get("tags") != OF_OPERATORS:
                yield f"<p>{escape(operation.get('description', ''))}</p>"
            yield from _parameters(operation.get("parameters", []))


def _parameters(parameters: list[dict[str, Any]]) -> Iterator[str]:
    if parameters:
        yield "<table><tr><th>参数</th><th>位置</th><th>说明</th></tr>"
        for parameter in parameters:
            told = escape(parameter.get("description", ""))
            name = escape(parameter["name"])
            yield f"<tr><td><code>{name}</code></td><td>{PLACES[parameter['in']]}</td><td>{told}</td></tr>"
        yield "</table>"
