"""Somebody is with a resident: begun by a press, ended by another or by itself; what is allowed is alerts.pausing."""

from typing import Annotated

from fastapi import APIRouter, Path

from alerts import life
from alerts.events import Silenced
from alerts.pausing import begun, is_silent, waits_until_us
from api import present
from api.access import SignedIn
from api.models import ErrorBody, Id, NewPause, Nothing, PauseNow
from api.present import Plain
from api.runtime import Now, ThePool
from api.times import MINUTE_US
from schemas.alert import Alert, Change
from schemas.pause import Pause
from store import pauses

router = APIRouter(
    prefix="/api/v1/residents/{resident_id}/pause",
    tags=["residents"],
    responses={404: {"model": ErrorBody}, 409: {"model": ErrorBody}},
)
ResidentId = Annotated[Id, Path()]


@router.post("", summary="I am with her", response_model=PauseNow)
async def begin_pause(resident_id: ResidentId, body: NewPause, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Rest a resident's alerts while one is there, or longer: they are shown, and ring when it ends.

    A call for help, smoke and gas ring as ever, a fall after 60 s unless somebody claims it. What rings, rings on.
    """
    by, length_us = caller.user.name, body.minutes * MINUTE_US

    def decide(now: Pause | None) -> Pause | None:
        return begun(now, resident_id, by, length_us, now_us)

    return present.pause_now(await pauses.change(pool, resident_id, by, decide, _waiting(now_us), now_us))


@router.delete("", summary="Nobody is with her", response_model=PauseNow)
async def end_pause(
    resident_id: ResidentId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """End it, whoever began it: what waited rings now. With nobody there it changes nothing."""
    by = caller.user.name
    return present.pause_now(await pauses.change(pool, resident_id, by, lambda _: None, _waiting(now_us), now_us))


def _waiting(now_us: int) -> pauses.Wait:
    def wait(alert: Alert, pause: Pause | None) -> Change | None:
        until_us = now_us if pause is None else waits_until_us(alert, pause)
        if until_us is None or not is_silent(alert, now_us):
            return None
        actor = "platform" if pause is None else pause.by
        return life.apply(alert, Silenced(at_us=now_us, actor=actor, until_us=until_us))

    return wait
