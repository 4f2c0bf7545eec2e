"""Receipts, and what is known of a bulletin: an office's own only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request

from jianbao_contracts import Receipt
from jianbao_ingest.api.access import KEY_NEEDED, Asking
from jianbao_ingest.api.descriptions import BULLETIN, RECEIPTS
from jianbao_ingest.api.resources import Given, Resources
from jianbao_ingest.domain.cursors import (
    DEFAULT_SIZE,
    cursor_behind,
    read_chosen,
    read_cursor,
    read_since,
    read_size,
    read_states,
)
from jianbao_ingest.domain.problems import refuse
from jianbao_ingest.domain.pushes import own_bulletin
from jianbao_ingest.domain.query import read_query
from jianbao_ingest.domain.receipts import revisions_of, with_surroundings

WAIT_S = 3.0
"""How long an unknown id waits for the receipts to catch up. They are some ten milliseconds behind when all is well."""

PERIOD_S = 0.01

MOST_PUSHES = 200
"""Of a bulletin's pushes in one answer; the next ones are behind the cursor."""

T = TypeVar("T")
router = APIRouter(prefix="/v1", dependencies=KEY_NEEDED, tags=["回执"])


@router.get("/receipts/{push_id}", summary="查询一次推送的回执")
async def receipt(push_id: str, office: Asking, resources: Given) -> Receipt:
    """推送被接收后即可查询；不存在或不属于本单位的回执均答复 404。"""
    found = await _once_caught_up(resources, lambda: resources.receipts.receipt(push_id))
    if found is None or found.office != office.office:
        raise refuse("unknown_receipt", push=push_id[:64])
    (shown,) = await resources.look(_with_surroundings, resources, [found])
    return shown


@router.get("/receipts", openapi_extra=RECEIPTS, summary="查询本单位的回执")
async def receipts(request: Request, office: Asking, resources: Given) -> dict[str, Any]:
    """按推送时间从新到旧分页；cursor 为空表示没有更多。指明 push_id 时按所给次序答复，查不到的略去。"""
    query = read_query(request.scope["query_string"], repeatable=["state", "push_id"])
    size = read_size(query["size"]) if query.get("size") else DEFAULT_SIZE
    if chosen := read_chosen(query):
        found = await resources.look(resources.receipts.chosen, office.office, chosen)
        return await _page(resources, found, len(found))
    found = await resources.look(
        resources.receipts.receipts,
        office.office,
        since=read_since(query["since"]) if query.get("since") else None,
        states=read_states(query.get("state", "")),
        before=read_cursor(query["cursor"]) if query.get("cursor") else None,
        most=size + 1,
    )
    return await _page(resources, found, size)


async def _page(resources: Resources, found: Sequence[Receipt], size: int) -> dict[str, Any]:
    """Return a page of receipts; one found beyond `size` tells that there are more."""
    shown = await resources.look(_with_surroundings, resources, found[:size])
    return {
        "receipts": [one.model_dump(mode="json") for one in shown],
        "cursor": cursor_behind(shown[-1]) if len(found) > size else None,
    }


def _with_surroundings(resources: Resources, receipts: Sequence[Receipt]) -> list[Receipt]:
    page = resources.page.address()
    return [with_surroundings(one, resources.offices.name_of, page) for one in receipts]


@router.get("/bulletins/{bulletin_id}", openapi_extra=BULLETIN, summary="查询一份简报的推送与版本")
async def bulletin(bulletin_id: str, request: Request, office: Asking, resources: Given) -> dict[str, Any]:
    """列出该简报的各次推送（从新到旧）与它们产生的版本；cursor 为空表示没有更早的。"""
    own_bulletin(office.office, bulletin_id)
    query = read_query(request.scope["query_string"])
    before = read_cursor(query["cursor"]) if query.get("cursor") else None

    def find() -> list[Receipt] | None:
        found = resources.receipts.bulletin(bulletin_id, before=before, most=MOST_PUSHES + 1)
        return found if found or before else None

    found = await _once_caught_up(resources, find)
    if found is None:
        raise refuse("unknown_bulletin", bulletin=bulletin_id)
    page = await _page(resources, found, MOST_PUSHES)
    return {
        "bulletin_id": bulletin_id,
        "office": office.office,
        "revisions": revisions_of(found[:MOST_PUSHES]),
        "pushes": page["receipts"],
        "cursor": page["cursor"],
    }


async def _once_caught_up(resources: Resources, find: Callable[[], T | None]) -> T | None:
    """Return what `find` finds, now or once all pushes of before this request are in the receipts.

    Raises ProblemError if the receipts do not catch up: then it is unknown whether there is anything.
    """
    found = await resources.look(find)
    if found is not None:
        return found
    ends = await resources.look(resources.progress.ends)
    deadline = resources.clock.monotonic() + WAIT_S
    while True:
        reached = await resources.look(resources.progress.reached, ends)  # first: what came before it is then found
        found = await resources.look(find)
        if found is not None or reached:
            return found
        if resources.clock.monotonic() > deadline:
            raise refuse("receipts_behind")
        await asyncio.sleep(PERIOD_S)
