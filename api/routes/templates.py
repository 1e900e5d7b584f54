"""What messages say: read, tried out, written and taken back."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from alerts import naming, wording
from alerts.wording import DEFAULTS, FIELDS, FIRST_LINE
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.models import ErrorBody
from api.reach_models import NewTemplate, Preview, Template, Templates
from api.runtime import Now, ThePool
from schemas.alert import Severity
from schemas.finding import FindingKind
from store import templates

router = APIRouter(prefix="/api/v1/message-templates", tags=["reach"], responses={404: {"model": ErrorBody}})

#: ``fall.high.zh``: kind, severity, language.
TemplateId = Annotated[str, Path(pattern=r"^[a-z_.]{1,64}$", examples=["fall.high.zh"])]
_WHICH = {
    wording.key_of(kind, severity, lang): (kind, severity, lang)
    for kind, severity in wording.rings()
    for lang in DEFAULTS
}
_WRONG = {
    "empty": "A message must say something.",
    "too_long": f"A message has at most {wording.LONGEST} signs.",
    "unknown_field": "There is no field of this name.",
    "stray_brace": "A brace stands alone; fields are written as {what}.",
}
#: Somebody to fill a preview with; nobody of this name lives anywhere.
_EXAMPLE = {
    "zh": {"who": "陈桂兰", "where": "安康院 二楼 204", "recipient": "王丽", "waiting": "3 分钟"},
    "en": {"who": "Chen Guilan", "where": "Ankang second floor 204", "recipient": "Wang Li", "waiting": "3 min"},
}


@router.get("", summary="What messages say", response_model=Templates)
async def list_message_templates(pool: ThePool) -> dict[str, Any]:
    """Return the template of each kind of alert that calls people, in both languages, and the fields there are."""
    own = await templates.own(pool)
    fields = [{"name": name, "zh": zh, "en": en} for name, (zh, en) in FIELDS.items()]
    return {"fields": fields, "templates": [_said(key, own) for key in _WHICH]}


@router.post(
    "/{template_id}/preview", summary="How it would read", response_model=Preview, responses={422: {"model": ErrorBody}}
)
async def preview_message_template(template_id: TemplateId, body: NewTemplate) -> dict[str, Any]:
    """Fill a text with an example, as a message; nothing is kept and nothing is sent."""
    kind, severity, lang = _which(template_id)
    _refuse(body.text)
    text = wording.say(body.text, _example(kind, severity, lang), lang)
    return {"text": text, "first_line": len(text.partition("\n")[0]), "limit": FIRST_LINE[lang]}


@router.put("/{template_id}", summary="Write it", response_model=Template, responses={422: {"model": ErrorBody}})
async def set_message_template(
    template_id: TemplateId, body: NewTemplate, pool: ThePool, now_us: Now, caller: SignedIn
) -> dict[str, Any]:
    """Let messages of one kind, severity and language say this, everywhere."""
    _which(template_id)
    _refuse(body.text)
    await templates.write(pool, template_id, body.text.strip(), caller.user.name, now_us)
    return _said(template_id, await templates.own(pool))


@router.delete("/{template_id}", summary="Back to the default", response_model=Template)
async def reset_message_template(template_id: TemplateId, pool: ThePool, now_us: Now) -> dict[str, Any]:
    """Let them say again what they say by default."""
    _which(template_id)
    await templates.reset(pool, template_id, now_us)
    return _said(template_id, await templates.own(pool))


def _which(template_id: str) -> tuple[FindingKind, Severity, str]:
    if template_id not in _WHICH:
        raise not_found("template")
    return _WHICH[template_id]


def _refuse(text: str) -> None:
    wrong = wording.problem(text)
    if wrong is not None:
        raise Refusal(422, wrong.code, _WRONG[wrong.code], beside={"field": wrong.field, "known": list(FIELDS)})


def _example(kind: FindingKind, severity: Severity, lang: str) -> dict[str, str]:
    index = 0 if lang == "zh" else 1
    said = {"what": naming.what(kind)[index], "severity": naming.severity(severity)[index], "time": "21:05"}
    return _EXAMPLE[lang] | said


def _said(key: str, own: dict[str, str]) -> dict[str, Any]:
    kind, severity, lang = _WHICH[key]
    text = wording.written(own, kind, severity, lang)
    return {"id": key, "kind": kind, "severity": severity, "lang": lang, "text": text, "own": key in own}
