"""`threepass import`: a group with a command for each kind of material that people already have."""

import typer

app = typer.Typer(
    name="import",
    help="Bring in what you have: a command for each kind of file.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
