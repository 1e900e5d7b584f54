"""Who may do what: every call is walked, and a call added without a rule fails here."""

import re
from collections.abc import Iterator

import httpx
import pytest

from api.access import RULES, Needs
from api.app import calls
from tests.api.conftest import Ward

pytestmark = pytest.mark.servers

#: What stands in the paths: nothing of it is there. Other things: tests/api/test_roles.py.
_FILLED = {
    "resident_id": "re_none",
    "absence_id": "ab_none",
    "alert_id": "al_none",
    "device_id": "none",
    "place_id": "pl_none",
    "proposal_id": "pr_none",
    "missed_id": "mi_none",
    "outcome_id": "oc_none",
    "note_id": "no_none",
    "template_id": "none",
    "test_id": "rt_none",
    "account_id": "nobody",
    "shift_id": "sh_none",
    "session_id": "0" * 16,
    "entry_id": "1",
}


def every_call() -> Iterator[tuple[str, str, str]]:
    """Yield (name, method, path) of every call under /api/v1."""
    for route in calls():
        for method in sorted(route.methods or ()):
            yield route.name, method, route.path.format(**_FILLED)


async def ask(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    return await client.request(method, path, headers={"Content-Type": "application/json"}, content=b"{}")


def test_every_call_has_a_rule_and_every_rule_a_call() -> None:
    named = [name for name, _, _ in every_call()]
    assert len(named) == len(set(named))
    assert set(named) | {"nothing_here"} == set(RULES)


def test_the_calls_of_the_contract_are_there(ward: Ward) -> None:
    described = {
        f"{method.upper()} {path}" for path, methods in ward.app.openapi()["paths"].items() for method in methods
    }
    contract = """
        POST /session, GET /session, DELETE /session, GET /residents, POST /residents, GET /residents/{resident_id},
        PATCH /residents/{resident_id}, GET /residents/{resident_id}/day, GET /residents/{resident_id}/trace,
        GET /residents/{resident_id}/quiet, PATCH /places/{place_id},
        GET /places, POST /places, GET /devices, POST /devices, POST /devices/{device_id}/binding,
        DELETE /devices/{device_id}/binding, GET /alerts, GET /alerts/{alert_id}, GET /alerts/{alert_id}/trace,
        POST /alerts/{alert_id}/claim, POST /alerts/{alert_id}/release, POST /alerts/{alert_id}/resolve,
        POST /alerts/{alert_id}/reopen, POST /alerts/{alert_id}/close, POST /alerts/{alert_id}/note, GET /quarantine,
        GET /overview, GET /events, GET /places/{place_id}/ladder, PUT /places/{place_id}/ladder,
        GET /alerts/{alert_id}/deliveries, GET /residents/{resident_id}/routine, GET /alerts/{alert_id}/day,
        GET /residents/{resident_id}/proposal, POST /proposals/{proposal_id}/accept,
        POST /proposals/{proposal_id}/decline, POST /proposals/{proposal_id}/undo,
        GET /residents/{resident_id}/missed, POST /residents/{resident_id}/missed, DELETE /missed/{missed_id},
        GET /proposals,
        GET /places/{place_id}/reach, POST /places/{place_id}/reach/tests, GET /places/{place_id}/reach/tests/{test_id},
        GET /places/{place_id}/deliveries, GET /message-templates, POST /message-templates/{template_id}/preview,
        PUT /message-templates/{template_id}, DELETE /message-templates/{template_id},
        GET /outcomes, POST /outcomes, DELETE /outcomes/{outcome_id},
        POST /residents/{resident_id}/pause, DELETE /residents/{resident_id}/pause,
        POST /alerts/{alert_id}/extend, POST /alerts/{alert_id}/hold, POST /alerts/{alert_id}/correct,
        GET /review, GET /review/alerts, POST /review/close, GET /review/export,
        GET /residents/{resident_id}/settings, PUT /session/password, GET /sessions, DELETE /sessions/{session_id},
        GET /accounts, POST /accounts, PUT /accounts/{account_id}/grants, POST /accounts/{account_id}/password,
        POST /accounts/{account_id}/disable, POST /accounts/{account_id}/enable, GET /accounts/{account_id}/sessions,
        DELETE /accounts/{account_id}/sessions, GET /audit, GET /residents/{resident_id}/looks,
        POST /residents/{resident_id}/absences, PATCH /residents/{resident_id}/absences/{absence_id},
        GET /absences/asking, POST /residents/{resident_id}/absences/{absence_id}/still,
        DELETE /residents/{resident_id}/absences/{absence_id}, POST /residents/{resident_id}/absences/{absence_id}/end,
        GET /alerts/{alert_id}/way, GET /residents/{resident_id}/whereabouts, GET /residents/{resident_id}/zone,
        GET /residents/{resident_id}/week, GET /residents/{resident_id}/sheet,
        PUT /residents/{resident_id}/sheet, GET /places/{place_id}/sheet,
        PUT /places/{place_id}/sheet, POST /residents/{resident_id}/notes,
        DELETE /residents/{resident_id}/notes/{note_id},
        PUT /residents/{resident_id}/zone, POST /residents/{resident_id}/zone/preview
        PUT /residents/{resident_id}/zone, POST /residents/{resident_id}/zone/preview,
        GET /session/oidc, GET /session/oidc/begin, GET /session/oidc/return, PUT /accounts/{account_id}/identity,
        GET /devices/health, GET /devices/{device_id}/message, GET /quarantine/{entry_id},
        POST /decode, GET /decode/listen,
        GET /plans, GET /places/{place_id}/plan, PUT /places/{place_id}/plan, GET /places/{place_id}/now,
        GET /places/{place_id}/plan/drawing, PUT /places/{place_id}/plan/drawing,
        DELETE /places/{place_id}/plan/drawing, POST /places/{place_id}/plan/restore
        PUT /residents/{resident_id}/zone, POST /residents/{resident_id}/zone/preview,
        GET /places/{place_id}/shift, POST /places/{place_id}/shift, POST /shifts/{shift_id}/note,
        POST /shifts/{shift_id}/handover, POST /shifts/{shift_id}/accept,
        POST /presence, GET /attendance, GET /places/{place_id}/ladders,
        GET /places/{place_id}/rota, PUT /places/{place_id}/rota, POST /places/{place_id}/rota/day,
        POST /places/{place_id}/rota/swap, POST /places/{place_id}/rota/copy
    """
    wanted = {f"{method} /api/v1{path}" for method, path in re.findall(r"([A-Z]+) (/[^\s,]+)", contract)}
    assert wanted | {"GET /healthz", "GET /readyz", "GET /metrics"} == described


async def test_whoever_is_not_signed_in_gets_401_from_every_call_but_signing_in(ward: Ward) -> None:
    async with ward.client() as client:
        for name, method, path in every_call():
            answer = await ask(client, method, path)
            if RULES[name] is Needs.NOTHING:
                assert answer.status_code == (422 if name == "sign_in" else 200 if name == "read_oidc" else 303), path
            else:
                assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in"), path


async def test_a_path_that_is_not_there_tells_strangers_nothing(ward: Ward) -> None:
    async with ward.client() as stranger:
        for path in ("/api/v1/secrets", "/api/v1/", "/api/v1/alerts/x/y/z", "/api/v1/sessions"):
            assert (await stranger.get(path)).status_code == 401
        assert (await stranger.get("/api/v2/alerts")).status_code == 404
    async with ward.signed_in() as nurse:
        missing = await nurse.get("/api/v1/secrets")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
        wrong = await nurse.put("/api/v1/residents", json={})
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")


async def test_the_description_is_readable_without_signing_in(ward: Ward) -> None:
    async with ward.client() as stranger:
        described = (await stranger.get("/openapi.json")).json()
    operations = [operation for methods in described["paths"].values() for operation in methods.values()]
    assert all(operation["summary"] and operation["description"] for operation in operations)
    claim = described["paths"]["/api/v1/alerts/{alert_id}/claim"]["post"]
    assert claim["responses"]["409"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Conflict"
    }
    assert claim["operationId"] == "claim_alert"
    assert "422" in claim["responses"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
