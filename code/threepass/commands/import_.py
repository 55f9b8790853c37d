"""`threepass import`: a group with a command for each kind of material that people already have."""

import typer

from threepass.commands.import_daylog import daylog

app = typer.Typer(
    name="import",
    help="Bring in what you have: a command for each kind of file.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command(epilog="Example: threepass import daylog ../100days/README.md --start 2021-08-27 --dry-run")(daylog)
