"""Where the Chromium of the browser tests is; `python tests/browser/find_browser.py --install` brings one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The address bar's own pages, which nobody sees here, cost a fifth of the time; the rest is Playwright's list,
    # which ours replaces.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,AimEnabled,LensOverlay,MediaRouter,OptimizationHints,"
    "PaintHolding,PreconnectToSearch,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,ThirdPartyStoragePartitioning,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,AvoidCorsURLLoaderRestartOnRedirect,NetworkTimeServiceQuerying",
]
SHELL = "chromium-headless-shell"
"""Debian's build of the same Chromium without windows: its own process takes a third of the time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of a Chromium: CHROMIUM if set, the distribution's, or the one that Playwright brought."""
    asked = os.environ.get("CHROMIUM")
    found = asked or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> str | None:
    """Bring the one without windows where apt can; else the one that there is, the distribution's or Playwright's."""
    if not (os.environ.get("CHROMIUM") or shutil.which(SHELL)) and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        for package in (SHELL, "chromium"):
            if not find_browser() or package == SHELL:
                subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, stdout=subprocess.DEVNULL)
    if not find_browser():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find_browser()


if __name__ == "__main__":
    browser = install() if "--install" in sys.argv else find_browser()
    sys.stdout.write(f"browser for the tests: {browser or 'none found: the browser tests will be skipped'}\n")
