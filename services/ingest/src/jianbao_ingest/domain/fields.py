"""What an office may say beside the content: query parameters, multipart metadata, and the items of a batch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from jianbao_contracts import Declared, Lane, Operation
from jianbao_ingest.domain.problems import refuse

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        raise ValueError("应写成“年-月-日”，如 2022-05-07")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("不是日历上有的日期") from None


def _adcode(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{6}", value):
        raise ValueError("应为六位行政区划代码，如 320582")
    return value


def _absent_if_empty(value: object) -> object:
    return None if value == "" else value


Day = Annotated[date, BeforeValidator(_day)]
Region = Annotated[str, BeforeValidator(_adcode)]

Filled = BeforeValidator(_absent_if_empty)
"""A form's blank entry says nothing; taken as it stands, a blank document_id would join unrelated bulletins."""


class PushFields(BaseModel):
    """What may be said of a push. Unknown names are ignored, so that clients and servers of different age mix."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    document_id: Annotated[Annotated[str, Field(max_length=500)] | None, Filled] = Field(
        default=None, description="本单位对这份文件的编号；同一编号再次推送即为更正"
    )
    source: str = Field(default="", max_length=1000, description="文件名或网址")
    title: Annotated[Annotated[str, Field(max_length=500)] | None, Filled] = Field(default=None, description="标题")
    published_on: Annotated[Day | None, Filled] = Field(default=None, description="印发日期，如 2022-05-07")
    region: Annotated[Region | None, Filled] = Field(default=None, description="六位行政区划代码")
    lane: Lane = Field(default="live", description="live：当日简报；backfill：历史简报补录")
    revert: bool = Field(default=False, description="true：恢复以前推送过的内容")

    def declared(self) -> Declared:
        """Return what the office says of the bulletin itself."""
        return Declared(title=self.title, published_on=self.published_on, region=self.region)


class BatchItem(PushFields):
    """One line of a batch."""

    operation: Operation = "publish"
    media_type: Annotated[Annotated[str, Field(max_length=255)] | None, Filled] = None
    charset: Annotated[Annotated[str, Field(max_length=100)] | None, Filled] = None
    content: str | None = None
    content_base64: str | None = None
    bulletin_id: Annotated[Annotated[str, Field(max_length=100)] | None, Filled] = None
    reason: Annotated[Annotated[str, Field(max_length=2000)] | None, Filled] = None
    idempotency_key: Annotated[Annotated[str, Field(max_length=255)] | None, Filled] = None


class Retraction(BaseModel):
    """The optional body of a retraction."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reason: Annotated[Annotated[str, Field(max_length=2000)] | None, Filled] = Field(
        default=None, description="撤回理由"
    )


class Act(BaseModel):
    """What makes an act one's own: the Idempotency-Key header."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    idempotency_key: Annotated[Annotated[str, Field(max_length=255)] | None, Filled] = None


M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], values: Mapping[str, Any]) -> M:
    """Return the fields as a model. Raises ProblemError that names every wrong field and what it should be."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        errors = tuple(_told(dict(wrong)) for wrong in error.errors(include_url=False, include_input=False))
    reasons = "；".join(f"{wrong['field']} {wrong['message']}" for wrong in errors)
    raise refuse("bad_field", errors=errors, reasons=f"{reasons}。")


def _told(wrong: Mapping[str, Any]) -> dict[str, str]:
    facts = wrong.get("ctx", {})
    match wrong["type"]:
        case "string_too_long":
            message = f"太长，最多 {facts['max_length']} 个字"
        case "literal_error":
            message = f"只能是 {facts['expected'].replace(' or ', ' 或 ')}"
        case "bool_parsing" | "bool_type":
            message = "只能是 true 或 false"
        case "string_type":
            message = "应为文字"
        case "value_error":
            message = str(facts["error"])
        case _:
            message = "的值不符合要求"
    return {"field": str(wrong["loc"][0]) if wrong["loc"] else "", "message": message}
