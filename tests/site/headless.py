"""A Playwright in; a Chromium without a window out, started without what only a person at it would need."""

from __future__ import annotations

from collections.abc import Callable

from find_browser import chromium
from playwright.sync_api import Browser, Page, Playwright

FOR_A_PERSON = ("PreloadTopChromeWebUI", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup")
"""Features by which each new window prepares its address bar, in a process that takes longer than most tests."""

PLAYWRIGHTS_OWN = (
    "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying",
    "OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
"""What Playwright switches off; Chromium heeds the last `--disable-features` alone, which is ours."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join((*PLAYWRIGHTS_OWN, *FOR_A_PERSON))}",
)


Opened = Callable[..., Page]
"""Opens a page with the options of a context that it is given: see the fixture `opened`."""


def launched(playwright: Playwright) -> Browser:
    """Start the Chromium that `find_browser` finds."""
    return playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
