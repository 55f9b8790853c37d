"""A built site in; the index by which its pages are searched, out: Pagefind's, made of the pages as they are.

Pagefind is a program, which comes inside the package `pagefind_bin`. It reads what stands in an element with
`data-pagefind-body`; in the browser, only the parts of the index that hold the words asked for are fetched.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

FOLDER = "pagefind"
"""Of the site."""
_PASSED_OVER = (".headerlink", ".anchor-link", "annotation", "[data-search-exclude]")
_NEEDED = (".pf_meta", ".pf_index", ".pf_fragment", ".pagefind")
_SCRIPTS = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")


class SearchIndexError(Exception):
    """No index could be made: what Pagefind said."""


def write_search_index(site: Path) -> None:
    """Write the index into the site, in place of a former one; the two are exchanged in a moment.

    Raises `SearchIndexError`.
    """
    from pagefind_bin import get_executable

    with tempfile.TemporaryDirectory(dir=site, prefix=".search-") as folder:
        made = Path(folder, "new")
        command = [str(get_executable()), "--site", str(site), "--output-path", str(made), "--quiet"]
        command += [word for selector in _PASSED_OVER for word in ("--exclude-selectors", selector)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            raise SearchIndexError((run.stdout + run.stderr).strip() or f"exit code {run.returncode}")
        for path in sorted(made.rglob("*"), reverse=True):
            if path.is_file() and not path.name.endswith(_NEEDED) and path.name not in _SCRIPTS:
                path.unlink()
        former = site / FOLDER
        if former.exists():
            former.rename(Path(folder, "former"))
        if made.exists():
            made.rename(former)
