"""How a page looks and reads: faults that axe finds in light and dark, sizes that it does not fit."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import idle, still
from tests.browser.waiting import until

DARK_IS = """([shown, dark]) => {
    const [red, green, blue] = getComputedStyle(shown).backgroundColor.match(/\\d+/g).map(Number);
    return (red + green + blue < 3 * 128) === dark;
}"""
SIZES = {"tablet": (800, 1280), "phone": (390, 844), "laptop": (1366, 768)}


def faults(page: Page, **options: object) -> list[str]:
    """Serious and critical findings of axe, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "(options) => axe.run(options).then((found) => found.violations)", {"resultTypes": ["violations"]} | options
    )
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """The sizes at which the page has to be pushed sideways to be read."""
    found = []
    for size, (width, height) in SIZES.items():
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
        try:  # what is inside follows a changed width a moment later
            until(page, "(most) => document.querySelector('[data-testid=\"stMain\"]').scrollWidth <= most", width, 5)
        except AssertionError:
            found.append(f"wider than a {size}")
    page.set_viewport_size({"width": 800, "height": 1280})
    return found


def shown(page: Page) -> None:
    idle(page)
    expect(page.get_by_test_id("stHeading").or_(page.get_by_role("heading")).first).to_be_visible()
    for frame in page.frames:  # the map is one of its own
        frame.wait_for_load_state("load")
        until(
            frame,
            "[...document.images].every((image) => image.complete || image.loading === 'lazy') && document.fonts.status"
            " === 'loaded'",
        )


def in_both_themes(page: Page) -> list[str]:
    """Faults in the theme that the page has, and after dusk or dawn in the other one."""
    found = []
    schemes = sorted(
        ("light", "dark"),
        key=lambda scheme: (
            (scheme == "dark") is not page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        ),
    )
    for scheme, only in zip(
        schemes, ({}, {"runOnly": ["color-contrast"]}), strict=True
    ):  # a theme changes nothing but colours
        page.emulate_media(color_scheme=scheme)
        background = page.locator('[data-testid="stApp"]').or_(page.locator("body")).last
        until(page, DARK_IS, [background.element_handle(), scheme == "dark"])
        still(page)  # buttons take their new colours step by step
        found += [f"{scheme}: {fault}" for fault in faults(page, **only)]
    return found
