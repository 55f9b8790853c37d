"""An HTTP request that did not go well in; how long the host asks us to wait, and which errors lie behind one, out."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def retry_after(value: str, *, now: float) -> float:
    """Return the seconds that a `Retry-After` header asks for, as a number or as a date; 0 where it asks for none.

    `now` is in seconds since 1970, which a date is compared with (RFC 9110, section 10.2.3).
    """
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps, each once: `requests` and `urllib3` hold it in `args` and `reason`."""
    seen: list[BaseException] = []
    found: list[object] = [error]
    while found:
        one = found.pop()
        if isinstance(one, BaseException) and not any(one is other for other in seen):
            seen.append(one)
            found += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
            yield one
