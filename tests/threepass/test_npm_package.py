"""An npm package: fetched once, held against its hash, and said in a line where it is not there."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
from pathlib import Path

import pytest

from threepass.npm_package import NpmError, NpmPackage, files_of

ALL = re.compile(r".*")


def archive() -> bytes:
    """Return an archive as npm packs one."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as members:
        for name, text in (("package/index.js", b"1"), ("package/dist/a.map", b"2"), ("package/../../up.js", b"3")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            members.addfile(member, io.BytesIO(text))
        link = tarfile.TarInfo("package/link.js")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        members.addfile(link)
    return made.getvalue()


ARCHIVE = archive()
PACKAGE = NpmPackage("@ada/notes", "1.2.3", "sha512-" + base64.b64encode(hashlib.sha512(ARCHIVE).digest()).decode())


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that does as npm; what it is asked is in `asked`."""
    (tmp_path / "brought.tgz").write_bytes(ARCHIVE)
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f"""#!/bin/sh
echo "$@" >> {tmp_path}/asked
test "$1" = pack && cp {tmp_path}/brought.tgz "$5/ada-notes-1.2.3.tgz"
""")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program


def asked(npm: Path) -> list[str]:
    return (npm.parent.parent / "asked").read_text().splitlines()


def test_a_package_is_fetched_once(npm: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert files_of(PACKAGE, re.compile(r"index\.js"), cache=cache) == {"index.js": b"1"}
    assert files_of(PACKAGE, re.compile(r"dist/.*"), cache=cache) == {"dist/a.map": b"2"}
    assert len(asked(npm)) == 1
    assert asked(npm)[0].startswith("pack @ada/notes@1.2.3 --ignore-scripts --pack-destination ")
    assert [path.name for path in cache.iterdir()] == ["ada-notes-1.2.3.tgz"]


def test_links_are_no_files(npm: Path, tmp_path: Path) -> None:
    assert "link.js" not in files_of(PACKAGE, ALL, cache=tmp_path / "cache")


def test_another_package_than_the_pinned_one_is_not_used(npm: Path, tmp_path: Path) -> None:
    (tmp_path / "brought.tgz").write_bytes(ARCHIVE + b"\\0")
    with pytest.raises(
        NpmError, match=r"^npm brought another @ada/notes@1\.2\.3 than the one that is pinned; it is not"
    ):
        files_of(PACKAGE, ALL, cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_was_changed_is_not_used(npm: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / PACKAGE.file).write_bytes(b"something")
    with pytest.raises(NpmError, match="its hash is another; delete it, and it is fetched anew"):
        files_of(PACKAGE, ALL, cache=tmp_path / "cache")


def test_an_archive_that_was_put_there_needs_no_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        NpmError, match=r"cannot be fetched without npm; install npm, or put ada-notes-1\.2\.3\.tgz into"
    ):
        files_of(PACKAGE, ALL, cache=tmp_path)
    (tmp_path / PACKAGE.file).write_bytes(ARCHIVE)
    assert files_of(PACKAGE, ALL, cache=tmp_path)["index.js"] == b"1"


def test_what_npm_says_is_said_in_a_line(npm: Path, tmp_path: Path) -> None:
    npm.write_text("""#!/bin/sh
printf 'npm warn config x\\nnpm error code ENOTFOUND\\nnpm error request to the registry failed\\n' >&2
exit 1
""")
    with pytest.raises(NpmError) as error:
        files_of(PACKAGE, ALL, cache=tmp_path / "cache")
    assert error.value.reason == "npm cannot fetch @ada/notes@1.2.3: request to the registry failed"
    assert "\n" not in str(error.value)
