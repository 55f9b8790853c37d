"""`threepass import`: a group with a command for each kind of material that people already have."""

from pathlib import Path

import typer
from typer.core import TyperGroup

from threepass.commands.import_bibtex import bibtex
from threepass.commands.import_daylog import daylog
from threepass.commands.import_notes import notes
from threepass.commands.opening import StopError


class ByEnding(TyperGroup):
    """`threepass import refs.bib` is `threepass import bibtex refs.bib`; of all else one is told the command."""

    def parse_args(self, ctx: "typer.Context", args: list[str]) -> list[str]:  # type: ignore[override]  # typer's own context, by its public name
        """Put in the command that an argument's ending names."""
        if not any(word in self.commands for word in args) and any(word.lower().endswith(".bib") for word in args):
            args = ["bibtex", *args]
        elif args and args[0] not in self.commands and Path(args[0]).exists():
            meant = "notes" if Path(args[0]).is_dir() else "daylog"
            hint = f"`threepass import {meant} {args[0]}`, or bibtex, daylog or notes: `threepass import --help`"
            raise StopError(f"say what {args[0]} is", hint, exit_code=2)
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="import",
    cls=ByEnding,
    help="Bring in what you have: a command for each kind of file.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command(epilog="\b\nExample:\n  threepass import refs.bib --dry-run")(bibtex)
app.command(epilog="\b\nExample:\n  threepass import daylog ../100days/README.md --start 2021-08-27 --dry-run")(daylog)
app.command(epilog="\b\nExample:\n  threepass import notes ../vault/papers --dry-run")(notes)
