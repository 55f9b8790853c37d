"""`threepass init`."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or an empty one.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What the library is called.")] = "",
) -> None:
    """Make a new library that builds.

    It holds an example day, an example paper, and a claim that its code measures.
    """
    import datetime as dt

    from threepass.claims import select, verify
    from threepass.commands.opening import StopError
    from threepass.ledger import ledger, source_tree
    from threepass.library import load
    from threepass.new_library import new_files, write_library

    name = name.strip() or folder.resolve().name
    try:
        write_library(folder, new_files(name=name, today=dt.date.today()))
    except FileExistsError:
        raise StopError(f"{folder} is not empty", "name a new folder: nothing is ever overwritten") from None
    except OSError as error:
        raise StopError(f"{folder} cannot be written: {error.strerror or error}") from None
    library = load(folder.resolve())
    tree = source_tree(library)
    verify(library, tree, rows=select(ledger(library, tree)))
    here = folder.resolve() == Path.cwd()
    typer.echo(f"made the library '{name}' {'here' if here else f'in {folder}'}. Next:")
    into = () if here else (f"cd {folder}",)
    for command in (*into, 'threepass today -m "What I learned."', "threepass serve"):
        typer.echo(f"  {command}")
