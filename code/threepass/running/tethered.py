"""A program of Python in; it runs, and ends at once when who started it is no more, however that ended.

Who starts it holds the other end of its standard input: the system closes that with the process, on Linux and macOS
alike, also where a signal leaves no time to tidy up. The program itself reads an empty standard input.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading


def main() -> None:
    """Run the file that the first argument names, with the others, as a script."""
    tether, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    threading.Thread(target=_end_with, args=(tether,), daemon=True).start()
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")


def _end_with(tether: int) -> None:
    os.read(tether, 1)  # nothing is ever written: it returns when the other end is closed
    os._exit(1)


if __name__ == "__main__":
    main()
