"""The page: server-rendered, in Chinese, without scripts."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from jianbao_contracts import ExtractedBulletin
from jianbao_search.answers import Answers
from jianbao_search.api import views
from jianbao_search.api.problems import Problem
from jianbao_search.api.routes import revision_number
from jianbao_search.domain.documents import label
from jianbao_search.domain.filters import NAMES
from jianbao_search.domain.highlight import finder
from jianbao_search.domain.office_names import OfficeNames
from jianbao_search.domain.query import parse, wanted
from jianbao_search.domain.request import LONGEST_QUERY, request
from jianbao_search.library import Library
from jianbao_search.ports import IndexUnavailableError, Offices

POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
}
"""No script and nothing from elsewhere runs on the page, whatever a bulletin's text holds."""

_TEMPLATES = Environment(
    loader=PackageLoader("jianbao_search.api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)

SORTS = (("相关度", None), ("日期", "date"))


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a rendered page."""
    content = _TEMPLATES.get_template(template).render(**{"q": "", "kept": (), **values})
    return HTMLResponse(content.encode("utf-8", "replace"), status, headers=POLICY)


def problem_page(problem: Problem) -> HTMLResponse:
    """Return a problem as a page."""
    answer = page("problem.html", problem.status, problem=problem)
    answer.headers.update(problem.all_headers())
    return answer


def pages(answers: Answers, library: Library, offices: Offices) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def search(http: Request) -> HTMLResponse:
        began = time.perf_counter()
        parameters = {name: value for name, value in http.query_params.items() if value.strip()}
        names = offices.names()
        asked = request(parameters, names)
        answer = answers.answer(asked)
        q = parameters.get("q", "")
        shown = [views.hit(one, q, names) for one in answer.shown]
        sort = parameters.get("sort")
        following = views.address(parameters, cursor=answer.cursor) if answer.cursor else None
        return page(
            "search.html",
            q=q,
            kept=[(name, parameters[name]) for name in (*NAMES, "sort", "size") if name in parameters],
            total=answer.total,
            shown_from=answer.first + 1,
            shown_to=answer.first + len(shown),
            took_ms=round((time.perf_counter() - began) * 1000),
            understood_as=answer.understood_as,
            sorts=[(name, views.address(parameters, sort=value), (sort or None) == value) for name, value in SORTS],
            chosen=views.chosen(parameters, names),
            facets=views.facets(answer, parameters, names),
            hits=shown,
            first_page=views.address(parameters) if "cursor" in parameters else None,
            next_page=following,
        )

    @router.get("/bulletins/{bulletin_id}")
    def bulletin(http: Request, bulletin_id: str) -> HTMLResponse:
        found = library.bulletin(bulletin_id)
        names = offices.names()
        related = [
            {
                "url": views.bulletin_address(one.bulletin_id),
                "name": one.source or one.bulletin_id,
                "relation": one.relation,
            }
            for one in found.event.relations
        ]
        noted = {one.bulletin_id for one in found.event.relations}
        related += [
            {
                "url": views.bulletin_address(one.bulletin_id),
                "name": names.name_of(one.office) or one.office,
                "relation": one.relation,
            }
            for one in found.cluster.others
            if one.bulletin_id not in noted
        ]
        for one in related:
            one["relation"] = views.RELATIONS.get(one["relation"], one["relation"])
        return _bulletin(library, found.event, http.query_params.get("q", ""), related, names, living=True)

    @router.get("/bulletins/{bulletin_id}/revisions/{number}")
    def revision(http: Request, bulletin_id: str, number: str) -> HTMLResponse:
        event = library.revision(bulletin_id, revision_number(number))
        living = _is_living(library, event)
        return _bulletin(library, event, http.query_params.get("q", ""), [], offices.names(), living=living)

    return router


def _is_living(library: Library, event: ExtractedBulletin) -> bool:
    try:
        return library.bulletin(event.bulletin_id).event.revision == event.revision
    except (LookupError, IndexUnavailableError):
        return False


def _bulletin(
    library: Library,
    event: ExtractedBulletin,
    q: str,
    related: list[dict[str, str]],
    offices: OfficeNames,
    *,
    living: bool,
) -> HTMLResponse:
    bulletin_id = event.bulletin_id
    find = finder(wanted(parse(q[:LONGEST_QUERY])))
    withdrawn = library.withdrawn_up_to(bulletin_id)
    revisions = [
        {
            "revision": one.revision,
            "operation": one.operation,
            "received_at": views.beijing(one.received_at),
            "url": f"{views.bulletin_address(bulletin_id)}/revisions/{one.revision}",
            "current": one.revision == event.revision,
            "withdrawn": one.operation == "publish" and one.revision < withdrawn,
        }
        for one in library.revisions(bulletin_id)
    ]
    return page(
        "bulletin.html",
        q=q,
        name=label(event) if event.operation == "publish" else "撤回通知",
        event=event,
        office=offices.name_of(event.office) or event.office,
        living=living,
        living_url=views.bulletin_address(bulletin_id),
        script_name=views.SCRIPTS[event.script],
        facts=views.facts(event.bulletin),
        articles=[views.article(one) for one in event.articles],
        rows=views.rows(event, find),
        relations=related,
        revisions=revisions,
    )
