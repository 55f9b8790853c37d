"""Fenced blocks: where they begin, what they hold, and that everything else is found outside of them."""

import pytest

from threepass.markdown.fences import fences, without_code

PAGE = """# A page

```python title="a.py"
x = 1

y = 2
```

- a list

    ~~~
    indented
      more
    ~~~

> ```{.text}
> quoted
> ```

````markdown
```python
not a block of its own
```
````
"""


def test_what_the_blocks_of_a_page_are() -> None:
    found = list(fences(PAGE))
    assert [(fence.language, fence.line, fence.code) for fence in found] == [
        ("python", 4, "x = 1\n\ny = 2\n"),
        ("", 12, "indented\n  more\n"),
        ("text", 17, "quoted\n"),
        ("markdown", 21, "```python\nnot a block of its own\n```\n"),
    ]
    assert found[0].info == 'python title="a.py"'
    assert [PAGE[fence.start : fence.end].count("\n") for fence in found] == [5, 4, 3, 5]


def test_a_block_that_is_never_closed_reaches_to_the_end() -> None:
    (fence,) = fences("a\n```\nb\nc")
    assert (fence.code, fence.end) == ("b\nc", 9)


@pytest.mark.parametrize("text", ["``` a ` b", "`` x ``", "~~ a", "a ``` b"])
def test_what_begins_no_block(text: str) -> None:
    assert list(fences(text)) == []


def test_lines_are_counted_as_editors_count_them() -> None:
    (fence,) = fences("a\x0cb\u2028c\x0b\n```\nx\n```\n")
    assert fence.line == 3


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a `b` c", "a     c"),
        ("a `b\nc` d", "a   \n   d"),
        ("a `b\n\nc` d", "a `b\n\nc` d"),  # a blank line ends a paragraph, and no code reaches over it
        ("a \\`b` c", "a \\`b` c"),
        ("``a ` b`` c", "          c"),
        ("```\n[[a]]\n```\n[[b]]", "   \n     \n   \n[[b]]"),
    ],
)
def test_code_is_blanked_and_nothing_moves(text: str, left: str) -> None:
    assert without_code(text) == left
