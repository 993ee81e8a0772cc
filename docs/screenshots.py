"""Take the pictures of docs/images from a running portal that holds the demo: `make screenshots`.

Run it again whenever the look or the manual changes, with all eight languages loaded.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP = (1280, 860)
PHONE = (375, 760)
ANSWER_TIME = 10  # seconds


@dataclass(frozen=True)
class Shot:
    """One picture. `open_menu` is the part of the page whose menu is open; `scroll_to` the anchor at its top."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    open_menu: str = ""
    scroll_to: str = ""


SHOTS = (
    Shot("home", "/en/"),
    Shot("home-telugu", "/te/", PHONE),
    Shot("article", "/en/for-readers/find-your-way/", scroll_to="search-for-an-article"),
    Shot("article-hindi", "/hi/for-editors/write-and-publish/"),
    Shot("article-tamil", "/ta/for-readers/find-your-way/", PHONE),
    Shot("article-dark", "/te/for-translators/translate-by-hand/", dark=True),
    Shot("category", "/ta/for-readers/"),
    Shot("languages", "/mr/", PHONE, dark=True, open_menu="header nav:has(.menu__panel--languages) summary"),
)


def take(browser: Browser, base: str, shot: Shot) -> Path:
    """Save one picture, with a palette of 256 colours: a page has few, and the file is a third of the size."""
    phone = shot.size == PHONE
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        device_scale_factor=2 if phone else 1.5,
        is_mobile=phone,
        has_touch=phone,
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    answer = page.goto(base + shot.path)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{base}{shot.path} does not answer with a page. Load the demo first: make demo")
    if shot.open_menu:
        page.locator(shot.open_menu).click()
    if shot.scroll_to:
        page.locator(f'[id="{shot.scroll_to}"]').evaluate("(heading) => heading.scrollIntoView()")
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    target = IMAGES / f"{shot.name}.png"
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def main() -> None:
    """Take every picture, or say what is missing."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/images from a running portal.")
    parser.add_argument("--url", default="http://localhost:8000", help="the portal's address")
    base = parser.parse_args().url.rstrip("/")
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise SystemExit("This needs Chromium; install it with: sudo apt-get install -y chromium")
    try:
        urlopen(f"{base}/healthz", timeout=ANSWER_TIME).close()  # noqa: S310 - the address is the caller's own
    except (URLError, OSError, ValueError) as error:
        raise SystemExit(f"No portal answers at {base} ({error}). Start it in another window: make run") from error
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            target = take(browser, base, shot)
            sys.stdout.write(f"{target.relative_to(IMAGES.parents[1])}: {target.stat().st_size // 1024} KB\n")
        browser.close()


if __name__ == "__main__":
    main()
