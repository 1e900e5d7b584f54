"""``python -m tests.console.pictures [FOLDER]``: a picture of every page of the console, for docs/pictures/pages.

Of the mock's data, in a real Chromium, by the router's own table: a page that was added has its pictures too. WebP,
some 40 kB each, so that all of them stay well under 6 MB.
"""

import argparse
import base64
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.console.pages import chromium, mocked, show, signed_in

FOLDER = Path(__file__).parents[2] / "docs" / "pictures" / "pages"
#: (width, height, theme, language): a desk by day in both languages, a telephone at night, the wall at night.
LOOKS = (
    (1280, 800, "light", "zh"), (1280, 800, "light", "en"), (390, 844, "dark", "zh"), (1920, 1080, "dark", "en"),
)  # fmt: skip
#: Letters stay sharp above this; below, they have halos.
QUALITY = 72
#: All pictures together; whoever clones the repository carries them.
MOST_BYTES = 6_000_000


def slug(pattern: str) -> str:
    """Return a page's name for a file: ``/residents/*/settings`` is ``residents-one-settings``."""
    words = pattern.strip("/()").replace("*", "one").replace("/", "-")
    return words or "desk"


def picture(page: Page) -> bytes:
    """Return what the window shows, as WebP; Chromium makes it, Playwright's own call does not offer it."""
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(answer["data"])


def take(folder: Path) -> list[Path]:
    """Write all pictures into ``folder``, and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    # With its sound armed, as after the press that signs one in.
    with chromium("--autoplay-policy=no-user-gesture-required") as browser, mocked("--administrator") as mock:
        for width, height, theme, language in LOOKS:
            with signed_in(browser, mock, language=language, theme=theme, width=width, height=height) as page:
                for pattern, address in mock.addresses().items():
                    show(page, address)
                    made.append(folder / f"{slug(pattern)}-{width}-{theme}-{language}.webp")
                    made[-1].write_bytes(picture(page))
    return made


def main(arguments: list[str]) -> int:
    """Take the pictures; 1 where they are too many bytes to be kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.console.pictures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    made = take(given.folder)
    size = sum(path.stat().st_size for path in made)
    print(f"{len(made)} pictures, {size / 1e6:.1f} MB, in {given.folder}")  # noqa: T201
    return 0 if size <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
