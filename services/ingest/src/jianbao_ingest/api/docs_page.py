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
EXAMPLE = """curl -H "Authorization: Bearer 密钥" -H "Content-Type: text/plain" \\
     --data-binary @2017-01.txt "{base}v1/bulletins?document_id=2017-01&source=2017-01.txt"
curl -H "Authorization: Bearer 密钥" "{base}v1/receipts/回执编号"
"""

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Return the page."""
    return HTMLResponse("".join(_page(request.app.openapi(), str(request.base_url))))


def _page(described: dict[str, Any], base: str) -> Iterator[str]:
    info = described["info"]
    yield f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
    yield f"<style>{STYLE}</style><h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"
    yield '<p>机器可读的完整说明：<a href="/openapi.json">/openapi.json</a></p>'
    yield f"<h2>示例</h2><pre>{escape(EXAMPLE.format(base=base))}</pre>"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"<h2>{escape(operation.get('summary', ''))}</h2><p><code>{method.upper()} {escape(path)}</code></p>"
            if operation.get("tags") != ["运行"]:
                yield f"<p>{escape(operation.get('description', ''))}</p>"
            yield from _parameters(operation.get("parameters", []))


def _parameters(parameters: list[dict[str, Any]]) -> Iterator[str]:
    if parameters:
        yield "<table><tr><th>参数</th><th>位置</th><th>说明</th></tr>"
        for parameter in parameters:
            where = {"query": "网址参数", "header": "请求头", "path": "路径"}[parameter["in"]]
            told = escape(parameter.get("description", ""))
            yield f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{where}</td><td>{told}</td></tr>"
        yield "</table>"
