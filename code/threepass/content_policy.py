"""A page of HTML in; the same with a Content-Security-Policy under which nothing runs but what the theme brought, out.

Scripts of the site's own files run, and the theme's inline scripts, which are named by their hashes. All others are
taken out: the policy would stop them, and say so to every reader. nbconvert's template, say, asks for MathJax.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_DATA = re.compile(r"\btype=[\"']?application/(?:ld\+)?json", re.IGNORECASE)
_FOREIGN = re.compile(r"\bsrc=(?:[\"']?(?:https?:)?//|\"\"|'')", re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc=", re.IGNORECASE)
_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)


def inline_scripts(html: str) -> list[str]:
    """Return the inline scripts of a page that a browser would run."""
    return [code for attributes, code in _SCRIPT.findall(html) if not _is_harmless(attributes)]


def with_policy(page: str, allowed: Iterable[str]) -> str:
    """Return a page with its policy, without scripts of other hosts; `allowed` are the inline scripts that stay."""
    known = set(allowed)

    def keep(script: re.Match[str]) -> str:
        attributes, code = script.groups()
        stays = not _FOREIGN.search(attributes) and (_is_harmless(attributes) or code in known)
        return script.group() if stays else ""

    kept = _SCRIPT.sub(keep, page)
    hashes = sorted({script_hash(code) for code in inline_scripts(kept)})
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(hashes)}">'
    return _CHARSET.sub(lambda charset: charset.group() + meta, kept, count=1)


def policy(hashes: Iterable[str]) -> str:
    """Return the policy of a page whose inline scripts have these hashes."""
    return "; ".join([
        "default-src 'self'",
        " ".join(["script-src 'self'", *(f"'{each}'" for each in hashes)]),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ])  # fmt: skip


def script_hash(code: str) -> str:
    """Return the hash of an inline script, as a policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def _is_harmless(attributes: str) -> bool:
    return bool(_SOURCE.search(attributes) or _DATA.search(attributes))
