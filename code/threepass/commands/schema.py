"""`threepass schema`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    """The records that an author writes."""

    DAY = "day"
    PAPER = "paper"
    ROADMAP = "roadmap"


def schema(
    kind: Annotated[Kind, typer.Argument(help="A day's file, a paper's front matter, or the roadmap.")] = Kind.DAY,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write it here.")] = None,
) -> None:
    """Print the JSON Schema of a record.

    Editors complete and check YAML with it.
    """
    from threepass.schema import json_schema
    from threepass.writing import write_atomically

    text = json_schema(kind.value)
    if to is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(to, text, inside=to.resolve().parent)
