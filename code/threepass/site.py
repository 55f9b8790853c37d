"""A library's folder in; the site built or served by MkDocs."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SITE = "site"


def build(root: Path, *, strict: bool = True, to: Path | None = None) -> int:
    """Build the site into `site/`, or `to`; return 0, or 1 where MkDocs found something wrong.

    The library's own check runs within (`plugin.py`): each of its problems is a warning, and `strict` fails on those.
    """
    _quiet_banner()
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    _log_to_terminal()
    try:
        config = load_config(str(root / "mkdocs.yml"), strict=strict, site_dir=str(to or root / SITE))
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build_site(config)
        finally:
            config.plugins.on_shutdown()
    except (Abort, ConfigurationError) as error:
        logging.getLogger("mkdocs").error("%s", error)
        return 1
    return 0


def serve(root: Path, *, port: int = 8000) -> None:
    """Serve the site on 127.0.0.1, and build it again when a file of the library changes."""
    _quiet_banner()
    from mkdocs.commands.serve import serve as serve_site

    _log_to_terminal()
    serve_site(str(root / "mkdocs.yml"), livereload=True, dev_addr=f"127.0.0.1:{port}")


def _quiet_banner() -> None:
    """MkDocs' theme prints a banner about MkDocs 2 unless this is set before it is imported."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")


def _log_to_terminal() -> None:
    logger = logging.getLogger("mkdocs")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s  %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
