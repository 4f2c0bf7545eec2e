"""What a line is, told from the line alone: the forms of GB/T 9704 documents, serial bulletins, newspapers and web pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from jianbao_extract.domain.offices import is_office
from jianbao_extract.domain.surnames import is_name


class Form(Enum):
    """The form of one line. HEAD: short and no sentence; what it heads, the lines around it tell."""

    FURNITURE = "page furniture"
    COVER_NOTE = "cover note"
    WEB_META = "labelled facts of a web page"
    DATE = "date"
    DOCUMENT_NUMBER = "document number"
    COLUMN = "column"
    CONTENTS_MARK = "head of a contents list"
    EDITORS_NOTE = "editor's note"
    BYLINE = "by-line"
    BRACKETED = "bracketed line"
    SUBTITLE = "subtitle"
    CREDIT = "photo credit"
    CAPTION = "caption"
    DISTRIBUTION = "distribution"
    SERIAL = "serial and copies"
    IMPRINT = "issuing body and date of printing"
    EDITORS = "editors"
    CONTACT = "contact"
    POINT = "heading of a point"
    HEAD = "head"
    BODY = "body"


DATE = r"[0-9〇○零一二三四五六七八九十]{2,4}\s*[年.\-/]\s*[0-9一二三四五六七八九十]{1,3}\s*[月.\-/]\s*[0-9一二三四五六七八九十]{1,3}\s*日?"
ISSUE = r"(?:总?第\s*[0-9〇○零一二三四五六七八九十百]+\s*期|总\s*第?\s*\d+\s*期|第\s*\d+\s*号)"
_NAMES = r"[㐀-䶿一-鿿]{2,4}(?:[\s、，]+[㐀-䶿一-鿿]{2,4}){0,5}"
MARKERS = "◆◇■□●○▲△▼▶►★☆❖※♦"

_FORMS: list[tuple[Form, str]] = [
    (Form.FURNITURE, r"A\s*[-－]\s*A\s*[+＋]?"),
    (Form.FURNITURE, r"【?\[?(?:字[体号]|打印|关闭|收藏|分享|返回|上一[篇条页]|下一[篇条页]|扫一扫|扫码|点击(?:率|数|量)|浏览|阅读(?:次数|量|数)|回到|关注我们|网站地图|网站声明|无障碍|长者模式|智能问答|登录|注册|我要纠错|相关(?:文章|链接|阅读|附件)|责任声明|繁體|简体|English)(?=[\s：:】\]>到至此本页顶部首列表一二维码量次数|]|$).{0,80}"),
    (Form.FURNITURE, r"(?:首页|主页|网站首页)?\s*(?:您?(?:现在|当前)?(?:所在)?的?位置)[：:].*"),
    (Form.FURNITURE, r"(?:网站)?[首主]页\s*(?:[>＞»›/|·\-].*|(?:\s+\S{2,6}){2,})"),
    (Form.FURNITURE, r"[^。]*[>＞»›][^。]*[>＞»›][^。]*"),
    (Form.FURNITURE, r"[^。]{0,60}(?:ICP备|公网安备|版权所有|Copyright|©|网站标识码|技术支持).*"),
    (Form.FURNITURE, r"[\s·.\-—－–_=*~]*(?:第\s*\d{1,4}\s*页|\d{1,3})?[\s·.\-—－–_=*~]*(?:共\s*\d+\s*页)?|\d+\s*/\s*\d+"),
    (Form.FURNITURE, r"(?:网站)?(?:地图|导航|主办|承办|维护)?(?:大|中|小)(?:\s+(?:大|中|小)){1,2}"),
(Form.FURNITURE, r"[\W_]+"),
    (Form.FURNITURE, r"(?:视力保护色?|保护视力色|背景色|浏览量|阅读量|点击数|字号|来源网址|分享)\s*[：:].{0,40}"),
    (Form.FURNITURE, r"[^。]{0,40}(?:上一[版页篇期]|下一[版页篇期])[^。]{0,40}"),
        (Form.COVER_NOTE, r"(?:工作资料|内部(?:资料|刊物|情况|参考|文件|交流)|仅供(?:参考|内部)|学习资料|(?:绝密|机密|秘密)(?:★.{0,8})?|特急|加急|平急|注意保存|请勿外传|妥善保管)[^。]{0,16}"),
    (Form.WEB_META, r"[\[【（]?(?:(?:发布|发表|更新|成文|发文|公开|生成|录入)(?:时间|日期|机构|单位)?|日期|时间|(?:信息|文章|稿件|新闻)?来源|作者|浏览(?:次数|量)?|索\s*引\s*号|主题分类|公开方式|主题词|文\s*号|标\s*题|有效性|归档(?:时间|日期)|当前(?:版面)?|版\s*次)\s*[：:][^。]{0,160}"),
    (Form.WEB_META, rf"{DATE}\s*(?:\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?)?\s*(?:星期.)?\s*(?:来源|浏览|作者)[：:][^。]{{0,80}}"),
    (Form.DATE, rf"[（(]?\s*{DATE}\s*(?:\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?)?\s*(?:星期[一二三四五六日天])?\s*[)）]?"),
    (Form.DOCUMENT_NUMBER, r"[^\s，。：]{1,14}[〔\[（【(]\s*(?:19|20)\d{2}\s*[〕\]）】)]\s*第?\s*\d{1,5}\s*号(?:\s+签发人[：:].*)?"),
    (Form.CONTENTS_MARK, r"[【\[（]?\s*(?:本期)?\s*(?:目\s*[录次]|要\s*目|导\s*[读航]|内容提要|内容导读)\s*[】\]）]?[：:]?"),
    (Form.EDITORS_NOTE, r"[【\[（(]?\s*编\s*(?:者\s*按|者的话|者)\s*[】\]）)]?\s*[：:]?.*|[【\[（(]按\s*语?[】\]）)].*|按\s*语?\s*[：:].*"),
    (Form.COLUMN, r"[【〖\[〔]\s*[^】〗\]〕。，]{2,16}\s*[】〗\]〕]"),
    (Form.CREDIT, rf"[（(]?\s*(?:(?:本报|本刊)?(?:特约)?(?:记者|通讯员)\s*)?{_NAMES}\s*[/／]?\s*(?:摄|摄影|供图|摄影报道|文/图|图/文|/图)\s*[)）]?|(?:摄影|图片?|供图)\s*[：:/／]\s*{_NAMES}"),
    (Form.BYLINE, rf"[（(□]?\s*(?:(?:文/?图?|图/文|作者|撰文|撰稿|整理|记者|通讯员|报道)\s*[：:/／]|(?:本报|本刊|本网)?(?:特约|实习|见习|首席)?(?:记者|通讯员|撰稿人|作者))\s*{_NAMES}(?:\s*(?:本报)?(?:通讯员|记者|文/?图?|图/文)?[\s：:]*{_NAMES})?\s*[)）]?"),
    (Form.SUBTITLE, r"[—－\-─]{2,}\s*[^。]{3,50}"),
    (Form.DISTRIBUTION, r"(?:报\s*送?|抄\s*[报送]|呈\s*报?|分\s*送|送\s*[达发]?|发\s*[至送]?|印\s*发|主\s*送|本期[发送报]送?)\s*[：:].*"),
    (Form.SERIAL, r"[（(]?[^。，]{0,24}(?:共\s*印|印\s*数|印\s*制|印\s*发|印)\s*[：:]?\s*\d{1,6}\s*份\s*[)）]?|[（(](?:印数|共印)[^）)]{0,12}[)）]|[（(]\S{1,10}字\s*第?\s*\d+\s*号[)）]"),
    (Form.IMPRINT, r"(?:主办|主管|承办|编印|编发|编辑出版|出版)(?:单位)?\s*[：:][^。]{2,80}|[^。，：]{4,40}(?:主办|编印|主编|编发|编)(?:\s+[^。]*)?"),
    (Form.EDITORS, r"[（(\[【]?\s*(?:责任编辑|责任编校|责\s*编|编\s*辑|主\s*编|执行主编|副主编|编\s*审|编\s*校|审\s*核|审\s*稿|审\s*签|校\s*对|签\s*发人?|美\s*编|版\s*式|组\s*稿|值班编辑|本期(?:责编|编辑))\s*[：:/][^。]{1,60}"),
    (Form.CONTACT, r"[（(]?\s*(?:(?:联系|投稿|咨询|服务|举报|值班|办公|监督|编辑部)?(?:电话|热线|邮箱|邮件|地址)|传\s*真|电\s*话|邮\s*编|邮政编码|电子(?:邮箱|邮件|信箱)|E-?mail|网\s*址|联\s*系\s*人|地\s*址|微信(?:公众号|号)?|QQ|来稿)\s*[：:][^。]{1,160}"),
    (Form.CONTACT, r"[^。]{0,20}[\w.\-]+@[\w\-]+\.[\w.\-]+[^。]{0,60}"),
]  # fmt: skip
_FORM = [(form, re.compile(pattern, re.IGNORECASE)) for form, pattern in _FORMS]

POINT = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}\s*[、.．]|（\s*[一二三四五六七八九十]{1,3}\s*）|\d{1,2}\s*(?:[.．](?!\d)|、)|（\s*\d{1,2}\s*）|[①-⑳]|"
    rf"第[一二三四五六七八九十]{{1,2}}[，、：,]|[{MARKERS}]+|[一二三四五六七八九十]{{1,2}}(?:是|要))\s*"
)
"""The marker that opens a numbered or marked point."""

_DATED_OFFICE = re.compile(rf"([^。，：\d]{{3,60}}?)(?:\s*(?:编印|主办|编))?\s*{DATE}\s*(?:印发|编印|印|发)?")
_COLUMN_NOUN = re.compile(
    r"(?:动态|交流|案例|讲话|经验|速递|之窗|视窗|风采|要闻|简讯|专栏|论坛|调研|聚焦|前沿|一线|快讯|传真|集锦|信息|综述|短波|扫描|观察|思考|"
    r"推介|推荐|典型|领导批示|通报|选登|摘登|摘编|专题|特稿|特别报道|頭条|头条|导读|部署|传递|评论|时评|言论|副刊|随笔|来信|他山之石|大事记|荟萃|园地|亮点|做法)$"
)
_BARE_MARKED = re.compile(rf"[{MARKERS}]+\s*[^\s，。：、！？；\d]{{2,10}}")
_CAPTION = re.compile(
    r"^[（(▲△▼]?\s*(?:图\s*[①-⑳\d一二三四五六七八九十]{0,2}\s*[：:]|[上下左右]图(?:为|：)?|图为|题图|图片说明|资料图)|图为[^。]{2,80}[。）)]?$"
)
_CREDIT_AT_END = re.compile(r"[。）)\s][（(]?[^。，（(]{2,14}\s*(?:/?摄|供图|摄影)[)）]?$")
_BRACKETED = re.compile(r"[（(\[][^（）()\n]{2,50}[)）\]]")
_NAME_LIST = re.compile(r"[㐀-䶿一-鿿]{1,4}(?:[\s、　]+[㐀-䶿一-鿿]{1,4}){0,5}")
_SPREAD_NAME = re.compile(r"(?<![㐀-䶿一-鿿])([㐀-䶿一-鿿])[\s　]+(?=[㐀-䶿一-鿿](?![㐀-䶿一-鿿]))")
_LONGEST_HEAD = 60


def form_of(text: str) -> Form:
    """Return the form of a line (without outer blanks), by its own looks."""
    if len(text) <= 200:  # the patterns below are of short lines, and cost nothing for long ones
        for form, pattern in _FORM:
            if pattern.fullmatch(text) and not (form is Form.IMPRINT and "、" in text and "：" in text):
                return form
        if (dated := _DATED_OFFICE.fullmatch(text)) and all(is_office(part) for part in dated[1].split()):
            return Form.IMPRINT
        if _is_column(text):
            return Form.COLUMN
        if _CAPTION.search(text) or ("图为" in text and _CREDIT_AT_END.search(text)):
            return Form.CAPTION
        if _BRACKETED.fullmatch(text) and "。" not in text:
            return Form.BRACKETED
    if _is_sentence(text):
        return Form.BODY
    return Form.POINT if POINT.match(text) else Form.HEAD


def forms_of(texts: Sequence[str]) -> list[Form]:
    """Return the forms of all lines. A marked line (▲他山之石) is a column where its mark opens columns elsewhere, or
    where a headline, not a paragraph, stands under it; else it is the heading of a point."""
    forms = [form_of(text) for text in texts]
    marks = {text[0] for text, form in zip(texts, forms, strict=True) if form is Form.COLUMN and text[0] in MARKERS}
    for index, (text, form) in enumerate(zip(texts, forms, strict=True)):
        if form is Form.POINT and text[0] in MARKERS and _BARE_MARKED.fullmatch(text):
            heads = index + 1 < len(texts) and forms[index + 1] is Form.HEAD
            if text[0] in marks or heads:
                forms[index] = Form.COLUMN
    return forms


def _is_column(text: str) -> bool:
    bare = text.strip(MARKERS + "=—- 　").replace(" ", "")
    marked = bare != text
    return (
        2 <= len(bare) <= (12 if marked else 6)
        and not re.search(r"[，。：、！？；\d]", bare)
        and bool(_COLUMN_NOUN.search(bare))
    )


def _is_sentence(text: str) -> bool:
    if "。" in text or len(text) > _LONGEST_HEAD or text[-1] in "，、；：,;:":
        return True
    pointed = POINT.match(text) is not None
    exclaims = text[-1] in "！？!?…"
    return not pointed and (text.count("，") > 3 or (exclaims and (len(text) < 8 or text.count("，") >= 2)))


def joined_names(text: str) -> str:
    """Return a by-line with two-character names closed up that were set with a blank inside (林 涛)."""
    return _SPREAD_NAME.sub(r"\1", text)


def names_in_byline(text: str) -> list[str]:
    """Return the names of a line that holds nothing but names (弘文 刘峰); none if it holds anything else.

    One of them at least must open with a known family name: pen names need not.
    """
    if not _NAME_LIST.fullmatch(text):
        return []
    parts = re.split(r"[\s、　]+", joined_names(text))
    if all(2 <= len(part) <= 4 for part in parts) and any(is_name(part) for part in parts):
        return parts
    return []
