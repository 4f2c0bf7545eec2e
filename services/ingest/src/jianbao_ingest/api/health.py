"""Liveness, readiness and metrics: for supervisors, without a key."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from jianbao_ingest.api.resources import Given

router = APIRouter(tags=["运行"])


@router.get("/health/live", summary="进程是否存活")
async def live() -> dict[str, str]:
    """Answer as long as the event loop turns."""
    return {"status": "live"}


@router.get("/health/ready", summary="是否可以接收推送")
async def ready(resources: Given) -> JSONResponse:
    """Answer 200 once the offices are known, 503 before."""
    if resources.offices.ready:
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": "starting", "waiting_for": "jianbao.offices"}, status_code=503)


@router.get("/metrics", summary="运行指标（Prometheus）")
async def metrics(resources: Given) -> Response:
    """Return all metrics in the text format of Prometheus."""
    return Response(generate_latest(resources.metrics.registry), media_type=CONTENT_TYPE_LATEST)
