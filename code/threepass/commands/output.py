"""Words in; what a terminal, or a file that was named, gets of them, out."""

import sys
from pathlib import Path

import typer


def say(line: str) -> None:
    """Write to standard error, above the progress bar where there is one."""
    sys.stderr.write(f"{line}\n")


def printable(text: str) -> str:
    """Return text from outside fit for a terminal: nothing in it that turns the line around."""
    return "".join(c for c in text if c.isprintable() or c == "\t")


def put(text: str, to: Path | None) -> None:
    """Write a text into the file that was named, or print it."""
    from threepass.writing import write_atomically

    if to is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(to, text, inside=to.resolve().parent)
