"""`threepass schema`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, cast

import typer

from threepass.commands.options import WriteTo
from threepass.commands.output import put

if TYPE_CHECKING:
    from threepass.schema import Kind as Record


class Kind(StrEnum):
    """The records that an author writes, and the form of an issue that becomes a day."""

    DAY = "day"
    PAPER = "paper"
    ROADMAP = "roadmap"
    ISSUE = "issue"


def schema(
    context: typer.Context,
    kind: Annotated[
        Kind,
        typer.Argument(metavar="KIND", help="A day's file, a paper's front matter, the roadmap, or a day as an issue."),
    ] = Kind.DAY,
    to: WriteTo = None,
) -> None:
    """Print the JSON Schema of a record, or GitHub's form for a day.

    Editors complete and check YAML with the schema. The form has this library's goals and topics.
    """
    from threepass.schema import json_schema

    if kind is Kind.ISSUE:
        from threepass.commands.opening import open_library
        from threepass.github.issue_form import issue_form

        text = issue_form(open_library(context).settings)
    else:
        text = json_schema(cast("Record", kind.value))
    put(text, to)
