"""The search API under /v1. Every parameter is read as text, so that a wrong one is answered in words."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query

from jianbao_contracts import ExtractedBulletin
from jianbao_search.answers import Answers
from jianbao_search.api.models import (
    ArticleAnswer,
    BulletinAnswer,
    ProblemAnswer,
    RevisionAnswer,
    SearchAnswer,
    SearchParameters,
)
from jianbao_search.api.problems import Problem, not_found
from jianbao_search.api.rendering import cluster_answer, search_answer
from jianbao_search.domain.request import request
from jianbao_search.library import Library, as_printed

PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": ProblemAnswer, "description": "problem document (RFC 9457)"}
    for status in (400, 401, 404, 410, 503)
}


def routes(answers: Answers, library: Library) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/v1", responses=PROBLEMS)

    @router.get("/search", summary="检索", tags=["search"])
    def search(parameters: Annotated[SearchParameters, Query()]) -> SearchAnswer:
        """Return one page of hits, one a cluster of copies, with facets."""
        began = time.perf_counter()
        answer = answers.answer(request(parameters.model_dump(by_alias=True)))
        return search_answer(answer, (time.perf_counter() - began) * 1000)

    @router.get("/bulletins/{bulletin_id}", summary="一份简报", tags=["bulletins"])
    def bulletin(bulletin_id: str) -> BulletinAnswer:
        """Return the living revision of a bulletin, its revisions and its copies."""
        found = library.bulletin(bulletin_id)
        revisions = [
            RevisionAnswer(
                revision=one.revision,
                operation=one.operation,
                received_at=one.received_at,
                url=f"/v1/bulletins/{bulletin_id}/revisions/{one.revision}",
            )
            for one in found.revisions
        ]
        return BulletinAnswer(
            bulletin=found.event,
            revisions=revisions,
            cluster=cluster_answer(found.event.cluster_id, found.others),
        )

    @router.get("/bulletins/{bulletin_id}/revisions/{number}", summary="一个版本", tags=["bulletins"])
    def revision(bulletin_id: str, number: str) -> ExtractedBulletin:
        """Return one revision, whether it is the living one or not."""
        return library.revision(bulletin_id, revision_number(number))

    @router.get("/articles/{bulletin_id}/{position}", summary="一篇文章", tags=["articles"])
    def article(bulletin_id: str, position: str) -> ArticleAnswer:
        """Return one article of a living bulletin."""
        event, found = library.article(f"{bulletin_id}/{position}")
        return ArticleAnswer(
            bulletin_id=event.bulletin_id,
            revision=event.revision,
            office=event.office,
            source=event.source,
            facts=event.bulletin,
            article=found,
            original=as_printed(event, found.segments),
        )

    return router


def revision_number(written: str) -> int:
    """Return a revision's number from an address. Raises Problem."""
    if not (written.isascii() and written.isdigit()) or len(written) > 9:
        raise Problem(400, "invalid_revision", f"“{written[:40]}”不是版本号，请写从 1 开始的整数。", "revision")
    if int(written) < 1:
        raise not_found("这个版本")
    return int(written)
