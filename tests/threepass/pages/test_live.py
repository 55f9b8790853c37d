"""Measured values and live source in an author's text."""

import datetime as dt
import re
import shutil
from dataclasses import replace
from pathlib import Path

import markdown
import pytest
from generate import BASE

from threepass.ledger import Ledger, ledger, source_tree
from threepass.library import load
from threepass.models import Expect, Measurement
from threepass.pages import Site, site_of
from threepass.results import State

NOTE = """---
title: Attention Is All You Need
authors: [Ashish Vaswani, Noam Shazeer]
published: 2017-06-12
arxiv: 1706.03762
claims:
  - id: rows
    says: The weights of a row add up to one.
    check: equations.attention:sum_of_rows
    expect: {equals: 1, within: 1.0e-9}
    control: equations.attention:sum_without_softmax
---
## First pass

A note.
"""
CODE = '''"""Softmax."""


def softmax(scores):
    """Return weights; see [[bahdanau2014neural]], `<b>`, <i>.

    ::: equations.softmax:softmax
    """
    total = sum(scores)
    fence = """
```
"""
    return [score / total for score in scores]


def _private():
    return 1


LIMIT = 3
'''


@pytest.fixture
def site(tmp_path: Path) -> Site:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "papers" / "vaswani2017attention.md").write_text(NOTE)
    (tmp_path / "code" / "equations" / "softmax.py").write_text(CODE)
    (tmp_path / "tests").mkdir()
    text = "from equations.softmax import softmax\n\ndef test_weights():\n    assert softmax([1])\n"
    (tmp_path / "tests" / "test_softmax.py").write_text(text)
    library = load(tmp_path)
    tree = source_tree(library)
    return site_of(library, ledger(library, tree), tree)


def measured(site: Site, state: State) -> Site:
    """The same site where the claim has been measured, and is in this state."""
    measurement = Measurement(
        values={"row 1": 0.123456, "row_2": 2.5e-7}, control={"value": 0.3}, met=True, control_met=False,
        expect=Expect.model_validate({"at_most": 1}), reason="", seconds=1.0,
        measured=dt.date(2021, 8, 27), environment={}, fingerprint="",
    )  # fmt: skip
    (row,) = site.ledger.rows
    return replace(site, ledger=Ledger((replace(row, measured=measurement, state=state),)))


def words(made: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", made).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("vaswani2017attention/rows", "row 1 0.123, row 2 2.5 × 10⁻⁷ ✓ verified"),
        ("vaswani2017attention/rows | row 1", "0.123 ✓ verified"),
        ("vaswani2017attention/rows | row 1 | 5 digits", "0.12346 ✓ verified"),
        ("vaswani2017attention/rows | control", "0.3 ✓ verified"),
    ],
)
def test_a_value_and_its_state(site: Site, asked: str, said: str) -> None:
    made = measured(site, State.VERIFIED).prose(f"It is {{{{ {asked} }}}}.", "journal/2021-08-27.md")
    assert words(made) == f"It is {said}."
    assert 'href="../../papers/vaswani2017attention/#claim-rows"' in made
    assert 'title="verified: measured by' in made


@pytest.mark.parametrize("state", [State.FAILED, State.STALE, State.UNPROVEN])
def test_a_state_is_a_word(site: Site, state: State) -> None:
    made = measured(site, state).by_hand("{{ vaswani2017attention/rows | row 1 }}", "guide/a.md")
    assert words(made) == f"0.123 ({state})"


def test_nothing_measured(site: Site) -> None:
    assert words(site.by_hand("{{ vaswani2017attention/rows }}", "a.md")) == "no value (unmeasured)"


@pytest.mark.parametrize("text", ["{{ vaswani2017attention/none }}", "{{ a }}", "{{ b/rows | 99 digits }}"])
def test_what_is_no_value_stays_as_it_is(site: Site, text: str) -> None:
    assert site.by_hand(text, "a.md") == text


def test_live_source(site: Site) -> None:
    made = str(site.prose("Before.\n\n::: equations.softmax:softmax\n\nAfter.", "papers/x.md"))
    assert '\n````python title="softmax.py, lines 4 to 13"\ndef softmax(scores):\n    total = sum(scores)\n' in made
    assert "[Neural Machine" in made
    assert "`<b>`, &lt;i>" in made
    assert made.count("title=") == 1, "a docstring must not show what shows the docstring"
    assert 'href="../../reproductions/softmax/#softmax"' in made
    assert "Exercised by 1 test<" in made
    assert '<code>test_weights</code> <span class="tp-quiet">tests/test_softmax.py, line 3</span>' in made
    html = markdown.markdown(made, extensions=["pymdownx.superfences", "attr_list"])
    assert "<p>After.</p>" in html
    assert html.count("<pre>") == 1


def test_what_to_show_of_it(site: Site) -> None:
    made = str(site.prose('::: equations.softmax:softmax signature from="return"', "a.md"))
    assert '```python title="Signature"\ndef softmax(scores)\n```' in made
    assert '```python title="softmax.py, line 13"\nreturn [score / total for score in scores]\n```' in made
    assert "Part of" in made
    assert "[Neural Machine" not in made
    assert "test" not in made


def test_what_has_no_test_says_so(site: Site) -> None:
    made = str(site.prose("::: equations.softmax:_private tests source\n\n::: equations.softmax:LIMIT source", "a.md"))
    assert "no test names it." in made
    assert 'href="../reproductions/softmax/"' in made
    assert '"softmax.py, line 20"\nLIMIT = 3\n' in made


def test_a_page_by_hand_keeps_its_html(site: Site) -> None:
    text = '<div id="x">[[bahdanau2014neural|it]]</div>\n\n```\n::: equations.softmax:softmax\n{{ a/b }}\n```\n'
    made = site.by_hand(text, "guide/a.md")
    assert made == text.replace("[[bahdanau2014neural|it]]", "[it](../papers/bahdanau2014neural.md)")


@pytest.mark.parametrize(
    "line", ["::: equations.softmax:none", "::: equations.softmax", "::: a:b", '::: equations.softmax:softmax from="x"']
)
def test_what_cannot_be_shown_stays_as_it_is(site: Site, line: str) -> None:
    assert site.by_hand(line, "a.md") == line
