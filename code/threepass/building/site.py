"""A library's folder in; the site built or served by MkDocs."""

from __future__ import annotations

import errno
import gc
import logging
import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig

    from threepass.building.memory import Memory
    from threepass.day_form import Shown

SITE = "site"


def is_current(root: Path, *, to: Path | None = None) -> bool:
    """Whether the site is there as it was built without a warning, from the very files that are there now."""
    from threepass.building.inputs import SiteRecord

    return SiteRecord(root, to or root / SITE).holds()


def build(root: Path, *, strict: bool = True, to: Path | None = None, memory: Memory | None = None) -> int:
    """Build the site into `site/`, or `to`; return 0, or 1 where MkDocs found something wrong.

    The library's own check runs within (`plugin.py`): each of its problems is a warning, and `strict` fails on those.
    `memory` holds a library that was read.
    """
    from threepass.building.ahead import Ahead
    from threepass.building.inputs import SiteRecord
    from threepass.building.memory import Memory

    target, memory = to or root / SITE, memory or Memory(Ahead())
    record = SiteRecord(root, target)
    memory.begin(root)
    _quiet_banner()
    log = _log_to_terminal()
    from mkdocs.exceptions import Abort, BuildError, ConfigurationError
    from mkdocs.utils import clean_directory

    from threepass.building.rebuild import Built, rebuild

    built = Built()
    try:
        config = _config(root, target, memory, strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        clean_directory(str(target))
        try:
            rebuild(config, built)
        finally:
            config.plugins.on_shutdown()
    except (Abort, BuildError, ConfigurationError) as error:
        log.error("%s", error)
        return 1
    if not built.warnings:
        record.write()
    return 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the garbage: a build ends before it is worth while to look through all that lives for it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def port_is_taken(port: int) -> bool:
    """Whether something listens on a port of this machine, so that no site can be served there."""
    with socket.socket() as tried:
        # as the server does: one that has ended is no obstacle
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def serve(root: Path, *, port: int = 8000) -> None:
    """Serve the site on 127.0.0.1, and bring it up to date when a file of the library changes."""
    _quiet_banner()
    log = _log_to_terminal()
    from mkdocs.exceptions import Abort, BuildError, ConfigurationError

    from threepass.building.live_server import Server
    from threepass.day_form import Desk

    target = Path(tempfile.mkdtemp(prefix="threepass-"))
    try:
        address = f"http://127.0.0.1:{port}/"
        preview = Preview(root, target, address=address)
        config = preview()
        desk = Desk(root, port=port, shown=lambda: preview.shown, saved=lambda: server.build_anew())
        server = Server(desk=desk, builder=partial(_survive, preview), host="127.0.0.1", port=port, root=str(target))
        server.error_handler = partial(_error_page, target)
        server.watch(config.docs_dir)
        server.watch(config.config_file_path)
        config.plugins.on_serve(server, config=config, builder=preview)
        for path in config.watch:
            server.watch(path)
        log.info("Days are written at %swrite/", address)
        try:
            server.serve()  # type: ignore[no-untyped-call]  # MkDocs' own
        except KeyboardInterrupt:
            log.info("Shutting down...")
        finally:
            server.shutdown()
            preview.wait()
    except (Abort, BuildError, ConfigurationError) as error:
        log.error("%s", error)
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _error_page(site: Path, code: int) -> bytes | None:
    page = site / f"{code}.html"
    return page.read_bytes() if page.is_file() else None


class Preview:
    """Builds a site into a folder, and from then on brings it up to date, each time it is called.

    The search's index follows a moment later, made in a thread of its own: no page waits for it. A call raises MkDocs'
    errors; the site is then the former one, as far as it was not written yet, and the next call mends it.
    """

    def __init__(self, root: Path, target: Path, *, address: str) -> None:
        from threepass.building.memory import Memory
        from threepass.building.rebuild import Built

        self._root, self._target, self._address = root, target, address
        self._memory, self._built, self._every_page = Memory(), Built(), ""
        self._indexing: Thread | None = None
        self.shown: Shown

    def __call__(self) -> MkDocsConfig:
        """Bring the site up to date."""
        from threepass.building.inputs import of_every_page
        from threepass.building.rebuild import Built, rebuild
        from threepass.day_form import Shown

        config = _config(self._root, self._target, self._memory, strict=False)
        config.site_url = self._address
        plugin: Any = config.plugins["threepass"]
        plugin.serving = True
        every_page = of_every_page(self._root, [Path(folder) for folder in config.theme.dirs])
        if not self._every_page:
            config.plugins.on_startup(command="serve", dirty=False)
        if every_page != self._every_page:
            self._built, self._every_page = Built(), every_page
        before = set(self._built.pages)
        self.wait()
        rebuild(config, self._built, serving=True)
        frame = _error_page(self._target, 404) or b""
        self.shown = Shown(plugin.ours, config.markdown_extensions, config.mdx_configs, frame.decode())
        if plugin.searches and (self._built.rendered or before != set(self._built.pages)):
            self._indexing = Thread(target=self._index)
            self._indexing.start()
        return config

    def wait(self) -> None:
        """Wait until the index is that of the pages."""
        if self._indexing is not None:
            self._indexing.join()
            self._indexing = None

    def _index(self) -> None:
        from threepass.building.search_index import SearchIndexError, write_search_index

        try:
            write_search_index(self._target)
        except (SearchIndexError, OSError) as error:
            logging.getLogger("mkdocs").error("the search has no index: %s", error)


def _survive(preview: Preview) -> None:
    """Bring the site up to date, or say what is wrong and leave the former one there."""
    from mkdocs.exceptions import Abort, BuildError, ConfigurationError

    try:
        preview()
    except (Abort, BuildError, ConfigurationError, OSError) as error:
        logging.getLogger("mkdocs").error("%s\nThe site stays as it was until that is mended.", error)


def _config(root: Path, target: Path, memory: Memory | None, *, strict: bool) -> MkDocsConfig:
    from mkdocs.config import load_config

    config = load_config(str(root / "mkdocs.yml"), strict=strict, site_dir=str(target))
    if memory is not None and "threepass" in config.plugins:
        config.plugins["threepass"].memory = memory  # type: ignore[attr-defined]  # our plugin's
    return config


def _quiet_banner() -> None:
    """MkDocs' theme prints a banner about MkDocs 2 unless this is set before it is imported."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")


def _log_to_terminal() -> logging.Logger:
    logger = logging.getLogger("mkdocs")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s  %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    return logger
