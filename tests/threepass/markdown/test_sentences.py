"""The sentence around a place, and the first sentences of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.markdown.sentences import opening, sentence_at

TEXT = """# Heading

The first one. The second, e.g. with
[[vaswani2017attention]] in it, and $a. B$ too! "A third?" No.

- an item with [[sundararajan2017axiomatic|a link]]. More of it.
- another item

```
[[code2017code]]. In code.
```
"""


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("[[vaswani", "The second, e.g. with [[vaswani2017attention]] in it, and $a. B$ too!"),
        ("B$", "The second, e.g. with [[vaswani2017attention]] in it, and $a. B$ too!"),
        ("The first", "The first one."),
        ('"A third', '"A third?"'),
        ("[[sundar", "an item with [[sundararajan2017axiomatic|a link]]."),
        ("another", "another item"),
        ("Heading", "Heading"),
    ],
)
def test_the_sentence_around_a_place(at: str, sentence: str) -> None:
    assert sentence_at(TEXT, TEXT.index(at)) == sentence


@given(st.text(alphabet="ab. \n-#`$[]!?*\"'", max_size=60), st.data())
def test_a_sentence_is_part_of_the_text(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    assert sentence_at(text, place) in " ".join(text.split())


def test_a_summary_is_made_of_the_first_sentences_of_the_first_paragraph() -> None:
    assert opening(TEXT, limit=20) == "The first one."
    whole = 'The first one. The second, e.g. with [[vaswani2017attention]] in it, and $a. B$ too! "A third?" No.'
    assert opening(TEXT, limit=200) == whole


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [
        ("", 10, ""),
        ("# Only a heading", 10, ""),
        ("- a list\n- of things", 40, ""),
        ("```\ncode\n```\n\nThen words.", 40, "Then words."),
        ("Words that never end and go on", 14, "Words that …"),
        ("Words `with code in it` and on", 14, "Words …"),
        ("Words [[2021-08-27|with a link]] on", 20, "Words …"),
    ],
)
def test_what_a_summary_leaves_out(text: str, limit: int, said: str) -> None:
    assert opening(text, limit=limit) == said
