"""What comes on standard input, which a program may also run without."""

import io
import sys


def at_terminal() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def piped_text() -> str:
    """Return all that is piped in, its lines ended as ours; nothing where nothing can be read."""
    from threepass.writing import WritingError

    if sys.stdin is None:
        return ""
    try:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="strict")  # whatever the machine's locale is
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise WritingError(f"standard input is not UTF-8 (byte {error.start})", "save it as UTF-8") from None
    except OSError:
        return ""
