"""An npm package's name, version and hash in; its files, fetched once by npm and kept, out.

What npm brings is held against the hash that stands beside the name, each time it is used.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from threepass.hinted import HintedError

SECONDS = 300.0
"""How long npm may take."""


@dataclass(frozen=True)
class NpmPackage:
    """A package as it is pinned; `integrity` is what `npm view NAME@VERSION dist.integrity` says: `sha512-…`."""

    name: str
    version: str
    integrity: str

    def __str__(self) -> str:
        """Return the package as npm names it."""
        return f"{self.name}@{self.version}"

    @property
    def file(self) -> str:
        """Return the name of its archive, as npm writes it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


class NpmError(HintedError):
    """A package that is not there."""

    def __str__(self) -> str:
        """Return why, and what to try, in one line."""
        return f"{self.reason}; {self.hint}"


def files_of(package: NpmPackage, wanted: re.Pattern[str], *, cache: Path) -> dict[str, bytes]:
    """Return the files of a package whose paths are `wanted`, from the cache where it is. Raises `NpmError`."""
    archive = cache / package.file
    if not archive.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        _fetch(package, archive)
    elif _hash(archive) != package.integrity:
        raise NpmError(f"{archive} is not {package}: its hash is another", "delete it, and it is fetched anew")
    found = {}
    with tarfile.open(archive) as members:
        for member in members:
            path = member.name.partition("/")[2]  # npm puts everything into one folder
            if member.isfile() and wanted.fullmatch(path) and (content := members.extractfile(member)):
                found[path] = content.read()
    return found


def _fetch(package: NpmPackage, archive: Path) -> None:
    npm = shutil.which("npm")
    by_hand = f"or put {package.file} into {archive.parent}"
    if npm is None:
        raise NpmError(f"{package} cannot be fetched without npm", f"install npm, {by_hand}")
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".npm-") as folder:
        command = [npm, "pack", str(package), "--ignore-scripts", "--pack-destination", folder]
        try:
            run = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NpmError(f"npm cannot fetch {package}: {error}", f"try again, {by_hand}") from None
        brought = Path(folder, package.file)
        if run.returncode or not brought.is_file():
            raise NpmError(
                f"npm cannot fetch {package}{_said(run.stderr)}", f"try again when you are online, {by_hand}"
            )
        if _hash(brought) != package.integrity:
            raise NpmError(f"npm brought another {package} than the one that is pinned", "it is not used")
        brought.replace(archive)


def _said(errors: str) -> str:
    """Return the first of npm's errors that is a sentence."""
    lines = (re.sub(r"^npm (?:ERR!|error) ", "", line) for line in errors.splitlines() if "warn" not in line)
    said = next((line for line in lines if len(line.split()) > 3), "")
    return f": {said}" if said else ""


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return "sha512-" + base64.b64encode(hashlib.file_digest(content, "sha512").digest()).decode()
