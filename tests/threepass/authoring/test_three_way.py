"""The merge of a field, in every case that there is."""

import pytest

from threepass.authoring.three_way import Merged, merge


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a", "a", "a", Merged("a")),
        ("a", "a", "b", Merged("b", changed=True)),  # nobody has touched it
        ("a", "m", "a", Merged("m")),  # the author has
        ("a", "m", "b", Merged("m", kept=True)),  # both have: the author's stays
        ("a", "b", "b", Merged("b")),  # both alike
        ("a", None, "a", Merged(None)),  # the author has taken it away
        ("a", None, "b", Merged(None, kept=True)),
        (None, None, "b", Merged("b", changed=True)),  # it has appeared
        (None, "m", "b", Merged("m", kept=True)),
        ("a", "a", None, Merged("a")),  # the source no longer says it
        ("a\n b", "a b", "b", Merged("b", changed=True)),  # wrapped anew is not changed
        (("x", "y"), ("x", "y"), ("x", "y", "z"), Merged(("x", "y", "z"), changed=True)),
    ],
)
def test_the_authors_word_stays(base, mine, theirs, merged):
    assert merge(mine, theirs, base=base, imported=True) == merged


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("m", "b", Merged("m", kept=True)),
        (None, "b", Merged("b", changed=True)),
        ("b", "b", Merged("b")),
        (None, None, Merged(None)),
    ],
)
def test_without_a_former_import_what_is_there_is_the_authors(mine, theirs, merged):
    assert merge(mine, theirs, base=None, imported=False) == merged
