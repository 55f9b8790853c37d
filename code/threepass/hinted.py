"""Why something cannot be done, in one line, and a hint at what to try, in; both as one error, or as lines, out."""

from __future__ import annotations


class HintedError(Exception):
    """What was asked cannot be done: why, in one line, and what to try. The command line shows both."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint

    @property
    def text(self) -> str:
        """The lines to show."""
        return with_hint(self.reason, self.hint)


def with_hint(said: str, hint: str) -> str:
    """Return what is said, and below it the hint, if there is one."""
    return f"{said}\nhint: {hint}" if hint else said
