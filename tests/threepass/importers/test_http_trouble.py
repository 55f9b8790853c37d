import pytest

from threepass.importers.http_trouble import causes, retry_after

NOW = 784111777.0  # Sun, 06 Nov 1994 08:49:37 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 06 Nov 1994 08:50:07 GMT", 30.0),
        ("Sun, 06 Nov 1994 08:49:07 GMT", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("9" * 400, 0.0),
        ("Sun, 06 Nov 99999 08:49:07 GMT", 0.0),
    ],
)
def test_seconds_that_a_header_asks_for(value: str, seconds: float) -> None:
    assert retry_after(value, now=NOW) == seconds


def test_each_error_behind_one_is_found_once() -> None:
    first, second, third = OSError("a"), ValueError("b"), KeyError("c")
    second.reason = third
    third.__cause__ = first  # a ring
    first.args = ("a", second)
    assert {id(error) for error in causes(first)} == {id(first), id(second), id(third)}
    assert len(list(causes(first))) == 3
