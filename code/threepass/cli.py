"""The command line: arguments in, an exit code out. Every command is a module of `commands/`.

`main` is the one boundary where what went wrong becomes words and an exit code: 0 done, 1 the library has problems or
a claim fails, 2 wrong usage, 3 a mistake of ours (written to a log, whose path is printed), 130 interrupted. Importing
this module loads no part of the tool but the commands' arguments, so that `threepass --help` is there at once.
"""

# No `from __future__ import annotations` here and in commands/: typer reads the annotations when it runs.
import atexit
import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from threepass.commands.add import add
from threepass.commands.build import build, pages, serve
from threepass.commands.check import check
from threepass.commands.export import export
from threepass.commands.import_ import app as import_app
from threepass.commands.init import init
from threepass.commands.next_ import next_
from threepass.commands.opening import StopError
from threepass.commands.read import read
from threepass.commands.review import review
from threepass.commands.schema import schema
from threepass.commands.share import share
from threepass.commands.status import status
from threepass.commands.today import today
from threepass.commands.update import update
from threepass.commands.verify import verify
from threepass.hinted import HintedError, with_hint

REFUSED = 1
OUR_MISTAKE = 3
INTERRUPTED = 130

app = typer.Typer(
    name="threepass",
    help="Keep a library of what you learn from papers, and a site of it that stays true.",
    epilog="Begin with: threepass init my-notes",
    rich_markup_mode=None,  # rich's help takes three times as long to show
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
EXAMPLES: Mapping[Callable[..., None], str] = {
    init: 'threepass init my-notes --name "My notes" --github',
    today: 'threepass today -m "Why gradients saturate." --goal read --paper 1703.01365 --pass 1 --minutes 40',
    add: "threepass add 1703.01365 https://arxiv.org/abs/1409.0473 --topic attention",
    update: "threepass update --dry-run",
    read: "threepass read vaswani2017attention --pass 2 --minutes 50",
    next_: "threepass next --limit 5",
    review: "threepass review vaswani2017attention good",
    check: "threepass check",
    verify: "threepass verify sundararajan2017axiomatic",
    status: "threepass status --json",
    build: "threepass build",
    serve: "threepass serve --port 8001",
    pages: "threepass pages --to ../markdown",
    export: "threepass export --format csl --to library.json",
    share: "threepass share 2021-08-27",
    schema: "threepass schema day --to .vscode/day.schema.json",
}
"""Every command, in the order of the help, with an example."""
for command, example in EXAMPLES.items():
    app.command(
        command.__name__.rstrip("_"),
        epilog=f"\b\nExample:\n  {example}",  # \b: lines as they are
        context_settings={"allow_extra_args": command is today},  # which says where such words belong
    )(command)
app.add_typer(import_app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"threepass {version('threepass')}")
        raise typer.Exit


@app.callback()
def options(
    library: Annotated[
        Path | None,
        typer.Option("-C", "--library", metavar="PATH", help="The library's folder, if not this one or one above it."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take what stands before the command's name; the commands read it from their context (`commands/opening.py`)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    atexit.register(gc.freeze)  # the end of the process need not look through all that lives for garbage
    try:
        with _interrupted_by_sigterm():
            done = app(args=arguments, prog_name="threepass", standalone_mode=False)
    except HintedError as refused:
        typer.echo(refused.text, err=True)
        return refused.exit_code if isinstance(refused, StopError) else REFUSED
    except typer.TyperException as wrong_usage:
        wrong_usage.show()  # type: ignore[attr-defined]  # typer's public name for click's exceptions, which show themselves
        return wrong_usage.exit_code
    except (KeyboardInterrupt, typer.Abort):
        done = INTERRUPTED  # a prompt that was left; typer itself returns the same code for all else
    except Exception as error:
        return _refused_by_the_system(error) or _our_mistake(error)
    if done == INTERRUPTED:
        typer.echo("interrupted", err=True)
    return done if isinstance(done, int) else 0


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Take SIGTERM as Ctrl-C: what was started ends with the command, and no folder of its own is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _refused_by_the_system(error: Exception) -> int:
    """Say what the system would not give, and return 1; return 0 where the error is another.

    What a command itself reads and writes has lines of its own; this is for all else: a full disk behind standard
    output, a folder of the site that cannot be written.
    """
    import errno

    hints = {
        errno.EACCES: "look at who may read and write it",
        errno.EPERM: "look at who may read and write it",
        errno.EROFS: "look at who may read and write it",
        errno.ENOSPC: "free some space, then try again",
        errno.EDQUOT: "free some space, then try again",
        errno.EIO: "",
    }
    if not isinstance(error, OSError) or error.errno not in hints:
        return 0
    where = error.filename if isinstance(error.filename, str) else "the output"
    typer.echo(with_hint(f"{where}: {error.strerror}", hints[error.errno]), err=True)
    return REFUSED


def _our_mistake(bug: Exception) -> int:
    """Write the log of a mistake of ours and say where it is."""
    from threepass.terminal.crash import write_log

    log = write_log(bug, arguments=sys.argv[1:], start=Path.cwd())
    typer.echo(f"threepass made a mistake ({type(bug).__name__}). Nothing more was done; please report {log}", err=True)
    return OUR_MISTAKE
