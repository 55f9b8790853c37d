"""For pytest: the Python in this project's pages is tests, too (`tests/snippets.py`), and Ctrl-C can be tested.

The site is built while the tests run that do not look at it; those that do come last.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from site_build import SiteBuild
from snippets import collector, summary

from threepass.running.workers import ONE_THREAD

ROOT = Path(__file__).resolve().parent

# Each process that runs tests, and each that these start, has a processor: two threads would wait for one another.
os.environ |= dict.fromkeys(ONE_THREAD, "1")

pytest_collect_file = collector(ROOT)


# Each run tries the same examples of hypothesis, `--hypothesis-profile=new` others. They may take as long as a busy
# machine lets them: time is no assertion.
_TIMELESS = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("same", **_TIMELESS, derandomize=True, database=None)
hypothesis.settings.register_profile("new", **_TIMELESS)
hypothesis.settings.load_profile("same")


def pytest_configure() -> None:
    """Hear Ctrl-C, which a shell that runs us in its background has switched off: what it does is tested."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, and seldom later: nearly all that is made stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the end what looks at the site; what takes long begins before the rest, lest all wait for it."""
    items.sort(key=lambda item: (_needs_the_site(item), item.get_closest_marker("long") is None))


def _needs_the_site(item: pytest.Item) -> bool:
    return "site" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def _site_build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteBuild | None]:
    """The site, being built from the first test on if any test needs it: once, for all processes that run tests."""
    if not any(map(_needs_the_site, request.session.items)):
        yield None
        return
    base = tmp_path_factory.getbasetemp()
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    build = SiteBuild(base if alone else base.parent)
    yield build
    build.end(waited_for=not alone and request.session.exitstatus != pytest.ExitCode.INTERRUPTED)


@pytest.fixture(scope="session")
def site(_site_build: SiteBuild) -> Path:
    """The whole site, built strictly."""
    return _site_build.built()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many blocks of code on pages ran, and how many their authors have marked not to."""
    if said := summary(terminalreporter, ROOT):
        terminalreporter.write_line(said)
