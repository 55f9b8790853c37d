"""`threepass init`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from threepass.settings import Settings


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new folder, or an empty one; with --github also a library.")
    ],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What the library is called.")] = "",
    github: Annotated[
        bool, typer.Option("--github", help="Let GitHub publish the site, and take days from issues.")
    ] = False,
) -> None:
    """Make a new library that builds.

    It holds an example day, an example paper, and a claim that its code measures.

    With --github it gets the workflows that publish its site and turn issues into days, and the form of such an issue.
    So does a library that is there already; what it has is left as it is.
    """
    import datetime as dt
    import shlex

    from threepass.authoring.new_library import new_files, write_library
    from threepass.claims import select, verify
    from threepass.commands.opening import StopError, refuse_broken_settings
    from threepass.ledger import ledger, source_tree
    from threepass.library import load
    from threepass.library_root import CONFIG
    from threepass.settings import read_settings

    here = folder.resolve() == Path.cwd()
    if github and (folder / CONFIG).is_file():
        settings, _, problems = read_settings(folder.resolve())
        refuse_broken_settings(problems, folder.resolve())
        _add_github(folder, settings)
        return
    name = name.strip() or folder.resolve().name
    try:
        # yesterday, so that today's words do not go into the example
        write_library(folder, new_files(name=name, today=dt.date.today() - dt.timedelta(days=1)))
    except FileExistsError:
        raise StopError(f"{folder} is not empty", "name a new folder: nothing is ever overwritten") from None
    except OSError as error:
        raise StopError(f"{folder} cannot be written: {error.strerror or error}") from None
    library = load(folder.resolve())
    tree = source_tree(library)
    verify(library, tree, rows=select(ledger(library, tree)))
    typer.echo(f"made the library '{name}' {'here' if here else f'in {folder}'}. Next:")
    into = () if here else (f"cd {shlex.quote(str(folder))}",)
    for command in (*into, 'threepass today -m "What I learned."', "threepass serve"):
        typer.echo(f"  {command}")
    if github:
        _add_github(folder, library.settings)


def _add_github(folder: Path, settings: "Settings") -> None:
    """Write what GitHub needs, and say what is to be done there."""
    from threepass.github.files import github_files, not_taken, write_missing
    from threepass.library_root import CONFIG
    from threepass.writing import read_exactly

    for path, written in write_missing(folder.resolve(), github_files(settings)).items():
        typer.echo(f"wrote {path}" if written else f"left {path} as it is")
    if lines := not_taken(read_exactly(folder / CONFIG)):
        typer.echo(f"{CONFIG} does not take what the workflow says of the site; add, the indented ones to threepass:")
        for line in lines:
            typer.echo(f"  {line}")
    typer.echo("On GitHub, in the repository's settings, under Pages, choose 'GitHub Actions' as the source.")
