"""`threepass import`: a group with a command for each kind of material that people already have."""

import typer
from typer.core import TyperGroup

from threepass.commands.import_bibtex import bibtex
from threepass.commands.import_daylog import daylog
from threepass.commands.import_notes import notes


class ByEnding(TyperGroup):
    """`threepass import refs.bib` is `threepass import bibtex refs.bib`."""

    def parse_args(self, ctx: "typer.Context", args: list[str]) -> list[str]:  # type: ignore[override]  # typer's own context, by its public name
        """Put in the command that an argument's ending names."""
        if not any(word in self.commands for word in args) and any(word.lower().endswith(".bib") for word in args):
            args = ["bibtex", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="import",
    cls=ByEnding,
    help="Bring in what you have: a command for each kind of file.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command(epilog="Example: threepass import refs.bib --dry-run")(bibtex)
app.command(epilog="Example: threepass import daylog ../100days/README.md --start 2021-08-27 --dry-run")(daylog)
app.command(epilog="Example: threepass import notes ../vault/papers --dry-run")(notes)
