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
from jianbao_search.api.problems import refuse
from jianbao_search.api.rendering import cluster_answer, search_answer
from jianbao_search.domain.request import request
from jianbao_search.domain.words import last_retraction
from jianbao_search.library import Library, as_printed
from jianbao_search.ports import Offices

PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": ProblemAnswer, "description": "problem document (RFC 9457)"}
    for status in (400, 401, 404, 410, 503)
}


def routes(answers: Answers, library: Library, offices: Offices) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/v1", responses=PROBLEMS)

    @router.get("/search", summary="检索", tags=["检索"])
    def search(parameters: Annotated[SearchParameters, Query()]) -> SearchAnswer:
        """答复一页结果：内容相同或相近的简报合为一条，并附各项统计。"""
        began = time.perf_counter()
        names = offices.names()
        answer = answers.answer(request(parameters.model_dump(by_alias=True), names))
        return search_answer(answer, (time.perf_counter() - began) * 1000, names)

    @router.get("/bulletins/{bulletin_id}", summary="一份简报", tags=["简报"])
    def bulletin(bulletin_id: str) -> BulletinAnswer:
        """答复简报的现行版本、历次版本，以及内容相同或相近的其他简报。"""
        found = library.bulletin(bulletin_id)
        names = offices.names()
        withdrawn = last_retraction(found.revisions)
        revisions = [
            RevisionAnswer(
                revision=one.revision,
                operation=one.operation,
                received_at=one.received_at,
                url=f"/v1/bulletins/{bulletin_id}/revisions/{one.revision}",
                withdrawn=one.operation == "publish" and one.revision < withdrawn,
            )
            for one in found.revisions
        ]
        return BulletinAnswer(
            bulletin=found.event,
            office_name=names.name_of(found.event.office),
            revisions=revisions,
            cluster=cluster_answer(found.event.cluster_id, found.cluster, names),
        )

    @router.get("/bulletins/{bulletin_id}/revisions/{number}", summary="一个版本", tags=["简报"])
    def revision(bulletin_id: str, number: str) -> ExtractedBulletin:
        """答复指定的版本，不论是否现行；已撤回的版本不再提供（410）。"""
        return library.revision(bulletin_id, revision_number(number))

    @router.get("/articles/{bulletin_id}/{position}", summary="一篇文章", tags=["简报"])
    def article(bulletin_id: str, position: str) -> ArticleAnswer:
        """答复现行简报中的一篇文章。"""
        event, found = library.article(f"{bulletin_id}/{position}")
        return ArticleAnswer(
            bulletin_id=event.bulletin_id,
            revision=event.revision,
            office=event.office,
            office_name=offices.names().name_of(event.office),
            source=event.source,
            facts=event.bulletin,
            article=found,
            original=as_printed(event, found.segments),
        )

    return router


def revision_number(written: str) -> int:
    """Return a revision's number from an address. Raises ProblemError."""
    if not (written.isascii() and written.isdigit()) or len(written) > 9:
        raise refuse("invalid_revision", parameter="revision", written=written[:40])
    if int(written) < 1:
        raise refuse("not_found", what="这个版本")
    return int(written)
