"""A folder that holds a site in; the site on 127.0.0.1 out, its open pages shown anew after each build."""

from __future__ import annotations

import re

from mkdocs.livereload import LiveReloadServer

from threepass.content_policy import inline_scripts, script_hash


class Server(LiveReloadServer):
    """MkDocs' server; the script that it puts into pages may run under their policy."""

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        """Put the script into a page, and its hash into the page's policy."""
        page: str = super()._inject_js_into_html(content, epoch).decode()  # type: ignore[no-untyped-call]  # MkDocs' own
        own = script_hash(inline_scripts(page)[-1])
        return re.sub(r"(?<=script-src 'self')", lambda _: f" '{own}'", page, count=1).encode()
