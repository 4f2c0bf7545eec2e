"""The foot of a bulletin: distribution block (报、送、发), serial and copies, imprint, editors, contacts (GB/T 9704, 版记)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jianbao_extract.domain.facts import Found
from jianbao_extract.domain.forms import Form
from jianbao_extract.domain.lines import Line

_FOOT_FORMS = {Form.FURNITURE, Form.SERIAL, Form.IMPRINT, Form.EDITORS, Form.CONTACT, Form.DISTRIBUTION, Form.WEB_META}
_LONGEST_BLOCK = 30
_DISTRIBUTION = re.compile(
    r"\s*(报\s*送?|抄\s*[报送]|呈\s*报?|分\s*送|送\s*[达发]?|发\s*[至送]?|印\s*发|主\s*送|本期[发送报]送?)\s*[：:]\s*"
)
_COPIES = re.compile(r"(?:共\s*印|印\s*数|印\s*制|印\s*发|印)\s*[：:]?\s*(\d{1,6})\s*份")
_SERIAL = re.compile(r"[（(]?\s*([^\s（(，]{1,10}字?\s*〔?\d{0,4}〕?第?\s*\d+\s*号)")
_EDITORS = re.compile(
    r"(责任编辑|责任编校|责\s*编|编\s*辑|主\s*编|执行主编|副主编|编\s*审|编\s*校|审\s*核|审\s*稿|审\s*签|校\s*对|签\s*发人?|美\s*编|版\s*式|组\s*稿|值班编辑|本期责编|本期编辑|"
    r"电话|邮箱|主办|来源|作者|技术支持|电子邮箱|投稿邮箱|联系电话|总编辑|监制|终审|复审|初审)\s*[：:/]\s*"
)
_EDITING = {"责任编辑", "责任编校", "责编", "编辑", "本期责编", "本期编辑", "值班编辑"}
_NAME = re.compile(r"[㐀-䶿一-鿿]{2,4}(?![㐀-䶿一-鿿])|[㐀-䶿一-鿿]\s[㐀-䶿一-鿿](?![㐀-䶿一-鿿])")
_EMAIL = re.compile(r"[A-Za-z0-9][\w.\-+]*@[\w\-]+(?:\.[\w\-]+)+", re.ASCII)
_PHONE = re.compile(
    r"(?<![\w.@/\-])(?:（?0\d{2,3}）?[-－—\s]?\d{7,8}(?:-\d{1,5})?|1[3-9]\d{9}|[48]00-?\d{3}-?\d{4})(?![\w@])", re.ASCII
)


@dataclass(slots=True)
class Foot:
    """What the last lines tell. `begin`: the first line of the foot."""

    begin: int = 0
    report_to: list[Found[str]] = field(default_factory=list)
    send_to: list[Found[str]] = field(default_factory=list)
    block: list[Line] = field(default_factory=list)
    others: list[tuple[Line, Form]] = field(default_factory=list)


def read_foot(lines: Sequence[Line], forms: Sequence[Form], begin: int) -> Foot:
    """Read upward from the last line, as long as lines are what a foot is made of."""
    at = len(lines)
    block_start = _block_start(lines, forms, begin)
    while at > begin and (at - 1 >= block_start or forms[at - 1] in _FOOT_FORMS):
        at -= 1
    foot = Foot(begin=at)
    target: list[Found[str]] | None = None
    for line, form in zip(lines[at:], forms[at:], strict=True):
        label = _DISTRIBUTION.match(line.text) if form is Form.DISTRIBUTION else None
        if label:
            target = foot.report_to if "报" in label[1] or "呈" in label[1] else foot.send_to
            foot.block.append(line)
            target += _receivers(line, label.end())
        elif (
            form in {Form.HEAD, Form.BODY, Form.POINT, Form.COLUMN, Form.BYLINE, Form.BRACKETED} and target is not None
        ):
            foot.block.append(line)
            target += _receivers(line, 0)
        else:
            target = target if form is Form.FURNITURE else None
            foot.others.append((line, form))
    return foot


def _block_start(lines: Sequence[Line], forms: Sequence[Form], begin: int) -> int:
    """Return the index of the first 报/送/发 line of the block that ends the text, or the number of lines."""
    start = len(lines)
    for index in range(len(lines) - 1, max(begin, len(lines) - _LONGEST_BLOCK) - 1, -1):
        if forms[index] is Form.DISTRIBUTION:
            start = index
        elif forms[index] is Form.BODY and not (index > 0 and _continues_block(lines, forms, index)):
            break
    return start


def _continues_block(lines: Sequence[Line], forms: Sequence[Form], index: int) -> bool:
    """A list of receivers may run over several lines, each ended by a comma."""
    above = lines[index - 1].text
    return above[-1] in "，、,；" or (len(lines[index].text) < 60 and forms[index - 1] is Form.DISTRIBUTION)


def _receivers(line: Line, start: int) -> list[Found[str]]:
    """Return the receivers of a line: split at commas and at its end, never at 、 or ；."""
    found = []
    for match in re.finditer(r"[^，,]+", line.text[start:]):
        part = line.part(start + match.start(), start + match.end())
        name = part.text.rstrip("。；")
        if name:
            found.append(Found(name, ((part.start, part.start + len(name)),), "foot.distribution"))
    return found


def copies_in(line: Line) -> Found[int] | None:
    """Return the number of printed copies (共印400份)."""
    match = _COPIES.search(line.text)
    return (
        Found(int(match[1]), ((line.start + match.start(), line.start + match.end()),), "foot.copies")
        if match
        else None
    )


def serial_in(line: Line) -> Found[str] | None:
    """Return the serial under which the issue is registered (苏简字1004号)."""
    match = _SERIAL.search(line.text)
    return (
        Found(match[1], ((line.start + match.start(1), line.start + match.end(1)),), "foot.serial") if match else None
    )


def editors_in(line: Line) -> list[Found[str]]:
    """Return who is named as 编辑, 责编, 责任编辑 or 责任编校; not who signed, read proof or checked."""
    labels = list(_EDITORS.finditer(line.text))
    found = []
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        if re.sub(r"\s", "", label[1]) not in _EDITING:
            continue
        end = following.start() if following else len(line.text)
        for match in _NAME.finditer(line.text, label.end(), end):
            name = re.sub(r"\s", "", match[0])
            found.append(Found(name, ((line.start + match.start(), line.start + match.end()),), "foot.editors"))
    return found


def emails_in(line: Line) -> list[Found[str]]:
    """Return all e-mail addresses of a line."""
    return [
        Found(m[0], ((line.start + m.start(), line.start + m.end()),), "contact.email")
        for m in _EMAIL.finditer(line.text)
    ]


def phones_in(line: Line) -> list[Found[str]]:
    """Return all telephone numbers of a line: with area code, mobile, 400 numbers."""
    return [
        Found(m[0], ((line.start + m.start(), line.start + m.end()),), "contact.phone")
        for m in _PHONE.finditer(line.text)
    ]
