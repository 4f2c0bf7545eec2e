"""The application: routes over the resources that bootstrap built."""

from __future__ import annotations

from fastapi import FastAPI

from jianbao_ingest import VERSION
from jianbao_ingest.api import batches, health, pushing, reading
from jianbao_ingest.api.answers import answer_with_problems
from jianbao_ingest.api.resources import Resources
from jianbao_serving.docs_page import docs_page
from jianbao_serving.telemetry import TELEMETRY

EXAMPLE = """curl -H "Authorization: Bearer 密钥" -H "Content-Type: text/plain" \\
     --data-binary @2017-01.txt "{base}v1/bulletins?document_id=2017-01&source=2017-01.txt"
curl -H "Authorization: Bearer 密钥" "{base}v1/receipts/回执编号"
"""


def create_app(resources: Resources) -> FastAPI:
    """Return the ASGI application of the ingest API."""
    app = FastAPI(
        title="简报收报接口",
        version=VERSION,
        description="各单位推送、更正、撤回简报并查询回执。出错时答复 application/problem+json（RFC 9457）。",
        docs_url=None,  # its page loads scripts from another server
        redoc_url=None,
        redirect_slashes=False,  # a redirected upload would be sent twice, or not at all
        telemetry=TELEMETRY,
    )
    app.state.resources = resources
    app.include_router(batches.router)
    app.include_router(pushing.router)
    app.include_router(reading.router)
    app.include_router(health.router)
    app.include_router(docs_page(EXAMPLE))
    answer_with_problems(app, resources.metrics)
    return app
