"""The HTTP application: routes, their guard, errors in one shape, safe headers, and the console's files."""

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute

from api import errors, static
from api.access import admit
from api.audited import NoteRefusals
from api.body_limit import LimitBody
from api.errors import CatchUnforeseen, Refusal, not_found
from api.headers import SafeHeaders
from api.metrics import CountRequests
from api.models import ErrorBody
from api.routes import (
    accounts,
    alerts,
    attendance,
    audit,
    decode,
    devices,
    events,
    ladders,
    missed,
    oidc,
    outcomes,
    pauses,
    places,
    plans,
    platform,
    probes,
    proposals,
    reach,
    residents,
    review,
    rota,
    routine,
    session,
    sheets,
    shifts,
    templates,
    watch_settings,
    week,
    whereabouts,
)
from api.runtime import Runtime
from api.settings import ApiSettings, tiles_host

ROUTERS = (
    session.router,
    oidc.router,
    accounts.router,
    audit.router,
    residents.router,
    pauses.router,
    routine.router,
    proposals.router,
    missed.router,
    sheets.router,
    week.router,
    watch_settings.router,
    watch_settings.every_home,
    whereabouts.router,
    places.router,
    plans.router,
    devices.router,
    decode.router,
    alerts.router,
    review.router,
    ladders.router,
    rota.router,
    shifts.router,
    attendance.router,
    reach.router,
    templates.router,
    outcomes.router,
    platform.router,
    events.router,
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_ABOUT = """Shouwang 守望 watches over disabled people and people living with dementia.

Times are ISO 8601 UTC with `Z`. Errors are `{"error": {"code", "message"}}`: a stable code and a sentence for a person.
Sign in with `POST /api/v1/session`; the cookie or `Authorization: Bearer <token>` opens everything else. A request
that changes something with the cookie is `Content-Type: application/json`.
"""


def build(settings: ApiSettings) -> FastAPI:
    """Return the application; its loops start with its lifespan. ``app.state.runtime`` is the running part of it."""
    runtime = Runtime(settings)
    app = FastAPI(
        title="Shouwang",
        description=_ABOUT,
        version="1",
        lifespan=runtime.running,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        responses={422: {"model": ErrorBody}, 503: {"model": ErrorBody}},
    )
    app.state.runtime = runtime
    errors.install(app)
    app.include_router(probes.router)
    for router in (*ROUTERS, _nothing_here()):
        app.include_router(
            router,
            dependencies=[Depends(admit)],
            responses={401: {"model": ErrorBody}, 403: {"model": ErrorBody}},
        )
    static.install(app, settings.console_dir)
    app.add_middleware(CatchUnforeseen)
    app.add_middleware(NoteRefusals)
    app.add_middleware(LimitBody)
    app.add_middleware(SafeHeaders, pictures_from=tiles_host(settings))
    app.add_middleware(CountRequests, metrics=runtime.metrics)
    return app


def calls() -> list[APIRoute]:
    """Return every call under /api/v1."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _operation_id(route: APIRoute) -> str:
    # The function's own name: api.access.RULES knows a call by it, and so does a generated client.
    return route.name


def _nothing_here() -> APIRouter:
    """Return what answers for all other paths under /api/v1, to the signed in only: 405 or 404."""
    router = APIRouter(prefix="/api/v1")

    @router.api_route("/{path:path}", methods=_METHODS, include_in_schema=False)
    async def nothing_here(request: Request) -> None:
        path = request.url.path
        allowed = sorted({method for call in calls() if call.path_regex.match(path) for method in call.methods or ()})
        if allowed:
            headers = {"Allow": ", ".join(allowed)}
            raise Refusal(405, "method_not_allowed", "This cannot be done here with this method.", headers=headers)
        raise not_found("call")

    return router
