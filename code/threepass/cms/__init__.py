"""A library in; the page at which a browser edits its files, Sveltia CMS with our fields, out: the site's `edit/`.

The editor is a script of its npm package, which is fetched when a site is built. It speaks with the repository's host
and with nobody else, which the page's policy holds it to, and with that only after the author has signed in.
"""

from __future__ import annotations

import json
import re
import shutil
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import escape
from platformdirs import user_cache_path

from threepass.cms.config import DAYS, PAPERS, configuration
from threepass.library import Entry, Note
from threepass.npm_package import NpmPackage, files_of

if TYPE_CHECKING:
    from pathlib import Path

    from threepass.library import Library

FOLDER = "edit"
"""Of the site."""
SVELTIA = NpmPackage(
    "@sveltia/cms",
    "0.221.1",
    "sha512-J+Qoik9kGMk2L7vNpOQrnDmFRi+NB6vwJ0f657YtsxWH0P8WYSYRRSRC2pQ/jGGbVlM//Pg/WIgmkpswqoo3gQ==",
)
YAML = NpmPackage(
    "yaml",
    "2.9.1",
    "sha512-3NxN8+78OdzbT7C/WjGsyfPAtJaN3FNDsWxv7Y7mcDsT/oOmgW8BpyQQFFBnvZE3j9Y2Sdz1ULFLezL7Eb2yFw==",
)
_SCRIPTS = ("records.js", "edit.js")
_OF_SVELTIA = re.compile(r"npm/(?:index\.js|chunks/react.*\.js|assets/.*\.(?:woff2|txt))|locales/.*\.json|LICENSE.*")
"""Without maps, and without what converts images: no field of ours holds one."""
_OF_YAML = re.compile(r"browser/(?:index\.js|dist/.*\.js)|LICENSE")
_FONT = re.compile(r"https://[a-z.]+/fontsource/fonts/([a-z0-9-]+)(?::vf)?@[\d.]+/([a-z0-9-]+)\.woff2")
_LOCALE = re.compile(r"import\(`(\.\./locales/[\w-]+)\.json`\)")
_STATUS = re.compile(r"https://[a-z.-]+/(?:api/v2/status\.json|1\.0/status/[0-9a-f]+)")
"""Where the editor asks whether a host is up, before anybody has signed in; it gets a file of ours."""
_CONNECTIONS = {
    "github": ("https://api.github.com",),
    "gitlab": ("https://gitlab.com",),
}
_PICTURES = {
    "github": ("https://avatars.githubusercontent.com",),
    "gitlab": ("https://gitlab.com", "https://secure.gravatar.com"),
}
"""Where the author's own picture comes from."""


def write_editor(library: Library, site: Path, *, cache: Path | None = None) -> None:
    """Write the editor into a built site if `mkdocs.yml` asks for it, else take it out. Raises `NpmError`."""
    folder = site / FOLDER
    if not library.settings.editor:
        if (folder / _SCRIPTS[0]).is_file():
            shutil.rmtree(folder)
        return
    config = json.dumps(configuration(library.settings, library.site), indent=1, ensure_ascii=False)
    if (folder / "config.json").is_file() and (folder / "config.json").read_text("utf-8") == config:
        return  # a preview that is brought up to date
    cache = cache or user_cache_path("threepass") / "npm"
    made = {f"cms/{name}": raw for name, raw in _usable(files_of(SVELTIA, _OF_SVELTIA, cache=cache)).items()}
    made |= {
        f"yaml/{name.removeprefix('browser/')}": raw for name, raw in files_of(YAML, _OF_YAML, cache=cache).items()
    }
    made |= {name: (files(__package__) / name).read_bytes() for name in _SCRIPTS}
    made["index.html"] = page(library).encode()
    made["config.json"] = config.encode()
    made["status.json"] = b'{"status": {"indicator": "none"}}\n'
    for name, raw in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)


def place_in_editor(library: Library, record: Entry | Note | None) -> str:
    """Return where the editor has a day or a note, from the site's root; without a record, where it begins a day."""
    if record is None:
        return f"{FOLDER}/#/collections/{DAYS}/new"
    if isinstance(record, Note):
        return f"{FOLDER}/#/collections/{PAPERS}/entries/{record.key}"
    path = record.source.path.relative_to(library.settings.journal).with_suffix("").as_posix()
    return f"{FOLDER}/#/collections/{DAYS}/entries/{path}"


def page(library: Library) -> str:
    """Return the page, with the policy that holds the editor."""
    text = (files(__package__) / "index.html").read_text("utf-8")
    return text.replace("@POLICY@", policy(library.settings.editor_host)).replace(
        "@NAME@", str(escape(library.site.name))
    )


def policy(host: str) -> str:
    """Return the Content-Security-Policy of the page: what is not named here is forbidden."""
    return "; ".join([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the editor puts its styles into the page
        "font-src 'self'",
        " ".join(["img-src 'self' data: blob:", *_PICTURES[host]]),
        " ".join(["connect-src 'self' data:", *_CONNECTIONS[host]]),  # its own logo is data that it fetches
        "base-uri 'none'",
        "form-action 'none'",
    ])  # fmt: skip


def _usable(package: dict[str, bytes]) -> dict[str, bytes]:
    """Return the package's files as a browser takes them without a bundler, and asking for nothing from elsewhere."""
    fonts = {path.rpartition("/")[2]: path for path in package if path.endswith(".woff2")}

    def beside(font: re.Match[str]) -> str:
        name = f"{font[1]}-{font[2]}-"
        return "cms/" + next(path for file, path in fonts.items() if file.startswith(name))

    script = _FONT.sub(beside, package["npm/index.js"].decode())
    script = _STATUS.sub("status.json", _LOCALE.sub(r"import(`\1.js`)", script))
    locales = {path: text for path, text in package.items() if path.startswith("locales/")}
    made = {path: text for path, text in package.items() if path not in locales}
    made |= {path.replace(".json", ".js"): b"export default " + text for path, text in locales.items()}
    return made | {"npm/index.js": script.encode()}
