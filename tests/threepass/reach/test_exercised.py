"""Which tests exercise a definition, read from their source."""

from pathlib import Path

import pytest

from threepass.reach.exercised import TestFolder
from threepass.reach.symbols import SourceTree

CODE = {
    "ours/__init__.py": "from ours.sums import add\n",
    "ours/sums.py": "def add(x): return x\ndef twice(x): return add(add(x))\nclass Sum:\n    def of(self): ...\n",
}
TESTS = {
    "test_sums.py": """
import pytest
import numpy
from ours import add as plus
from ours import sums
from ours.sums import Sum
NUMBERS = [sums.twice(2)]

@pytest.fixture
def three(): return plus(3)

def helper(x): return sums.twice(x)

def test_directly(): assert plus(1) == 1
def test_by_fixture(three): assert three
def test_by_helper(): assert helper(1)
def test_by_constant(): assert NUMBERS
def test_local_name():
    plus = len
    assert plus("")
def test_import_inside():
    from ours.sums import twice
    assert twice(1)
@pytest.mark.parametrize("f", [plus])
def test_by_parameter(f): assert f
class TestSum:
    def test_of(self): assert Sum().of() is Sum.of
def test_nothing(): assert numpy
""",
    "below/test_more.py": "import ours.sums\ndef test_far(): assert ours.sums.twice\n",
    "broken/test_broken.py": "from ours import add\ndef test_x(:\n",
    "not_collected.py": "from ours import add\ndef test_y(): add(1)\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> TestFolder:
    for name, text in {**{f"code/{name}": text for name, text in CODE.items()}, **TESTS}.items():
        path = tmp_path / name if name.startswith("code") else tmp_path / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return TestFolder(tmp_path / "tests", SourceTree(tmp_path / "code", ("ours",)))


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("add", ["test_directly", "test_by_fixture", "test_by_parameter"]),
        ("twice", ["test_far", "test_by_helper", "test_by_constant", "test_import_inside"]),
        ("Sum", ["TestSum.test_of"]),
        ("Sum.of", ["TestSum.test_of"]),
    ],
)
def test_who_names_it(folder: TestFolder, name: str, tests: list[str]) -> None:
    symbol = folder.tree.find(f"ours.sums:{name}")
    assert symbol
    assert [exercise.name for exercise in folder.of(symbol)] == tests


def test_where_they_stand(folder: TestFolder) -> None:
    symbol = folder.tree.find("ours.sums:add")
    assert symbol
    first = folder.of(symbol)[0]
    assert first.path.read_text().split("\n")[first.line - 1].startswith("def test_directly")
