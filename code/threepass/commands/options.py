"""Arguments and options that several commands take, each told once: its type, its name, its help."""

from pathlib import Path
from typing import Annotated

import typer

from threepass.commands.completion import keys, topics

AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON object.")]
DayOf = Annotated[str, typer.Option("--date", metavar="DATE", help="2021-08-27, today or yesterday.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would be done.")]
PaperKey = Annotated[str, typer.Argument(metavar="KEY", help="A paper, by key or arXiv id.", autocompletion=keys)]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", metavar="NAME", help="A topic; repeatable.", autocompletion=topics)
]
WriteTo = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write it here.")]
