"""A plan in a real Chromium: a room placed by the keyboard alone, an SVG as its drawing, and a version brought back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.system.platform import Platform
from tests.system.test_browser import _sign_in, browser, page

__all__ = ["browser", "page"]

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="200">
<script>document.title = "run"; fetch("/api/v1/session")</script>
<rect width="400" height="200" fill="#eee" onload="alert(1)"/>
<path d="M10 10H390V190H10Z" fill="none" stroke="#000"/></svg>"""


def a_ward(platform: Platform, key: str) -> str:
    ward: str = platform.post("/places", {"name": f"Ward {key}", "kind": "ward"})["id"]
    for name in ("101", "102"):
        room = platform.post("/places", {"name": name, "kind": "room", "parent": ward, "id": f"pl_{key}_{name}"})["id"]
        platform.post("/residents", {"name": f"Lin {name}", "unit": room})
    return ward


def corners(platform: Platform, ward: str) -> dict[str, Any]:
    return {room["name"]: room["corners"] for room in platform.get(f"/places/{ward}/plan")["rooms"]}


def open_plan(page: Page, platform: Platform, ward: str) -> None:
    _sign_in(page, platform, "en", "administrator")
    page.evaluate("place => localStorage.setItem('shouwang.plan', place)", ward)  # the one looked at last
    page.goto(f"{platform.state['console'].rstrip('/')}/plan")


def test_a_room_is_placed_moved_made_larger_and_saved_without_a_mouse(page: Page, platform: Platform) -> None:
    ward = a_ward(platform, "keys")
    open_plan(page, platform, ward)
    expect(page.get_by_test_id("plan-room")).to_have_count(2)
    page.get_by_test_id("plan-edit").press("Enter")
    page.locator('[data-testid=plan-place][data-place="pl_keys_101"]').press("Enter")
    placed = page.get_by_test_id("plan-edit-room")
    expect(placed).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(placed).to_have_accessible_name("101: 4 % from the left, 3 % from the top, 15 % wide, 18 % high")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # the right lower corner
    page.keyboard.press("ArrowRight")
    expect(placed).to_have_accessible_name("101: 4 % from the left, 3 % from the top, 16 % wide, 18 % high")
    page.keyboard.press("Control+z")
    expect(placed).to_have_accessible_name("101: 4 % from the left, 3 % from the top, 15 % wide, 18 % high")
    assert corners(platform, ward) == {"101": None, "102": None}, "nothing counts before it is saved"
    page.get_by_test_id("plan-save").press("Enter")
    expect(page.get_by_test_id("plan-undo")).to_be_disabled()  # nothing is left to save: it has been answered
    assert corners(platform, ward) == {"101": [[0.04, 0.03], [0.19, 0.03], [0.19, 0.21], [0.04, 0.21]], "102": None}
    page.get_by_test_id("plan-leave").press("Enter")
    # What is placed is on the plan, and what is not is in the list beside it all the same.
    expect(page.get_by_test_id("plan-room")).to_have_count(1)
    expect(page.get_by_test_id("plan-line")).to_have_count(2)


def test_an_svg_comes_to_the_platform_as_a_picture_and_a_version_is_brought_back(
    page: Page, platform: Platform, tmp_path: Path
) -> None:
    ward = a_ward(platform, "svg")
    file = tmp_path / "floor.svg"
    file.write_text(SVG, encoding="utf-8")
    open_plan(page, platform, ward)
    page.get_by_test_id("plan-edit").click()
    page.get_by_test_id("plan-file").set_input_files(file)
    expect(page.locator("img.plan-drawing")).to_be_visible()
    plan = platform.get(f"/places/{ward}/plan")
    assert (plan["version"], plan["drawing"]) == (1, {"width": 2600, "height": 1300})
    kept = platform.http.get(f"/places/{ward}/plan/drawing")
    assert kept.headers["content-type"] == "image/webp"
    assert kept.content[:4] == b"RIFF"
    assert page.title() != "run"
    # A room by a drag from corner to corner.
    page.locator('[data-testid=plan-place][data-place="pl_svg_102"]').click()
    sheet = page.get_by_test_id("plan-sheet").bounding_box()
    assert sheet is not None
    page.mouse.move(sheet["x"] + sheet["width"] * 0.25, sheet["y"] + sheet["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] * 0.5, sheet["y"] + sheet["height"] * 0.75, steps=4)
    page.mouse.up()
    page.get_by_test_id("plan-save").click()
    expect(page.get_by_test_id("plan-undo")).to_be_disabled()  # nothing is left to save: it has been answered
    drawn = corners(platform, ward)["102"]
    assert [[round(x, 2), round(y, 2)] for x, y in drawn] == [[0.25, 0.25], [0.5, 0.25], [0.5, 0.75], [0.25, 0.75]]
    page.locator(".plan-versions summary").click()
    page.get_by_test_id("plan-back-1").click()
    expect(page.get_by_test_id("plan-edit-room")).to_have_count(0)
    assert platform.get(f"/places/{ward}/plan")["version"] == 3
