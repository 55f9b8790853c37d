"""`threepass build`, `serve` and `pages`: the library as a site, or as the Markdown of one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from threepass.library import Library


LONGEST_BUILD = 600.0
"""Seconds that a build waits for another one of the same site."""


def build(
    context: typer.Context,
    strict: Annotated[bool, typer.Option(help="Let a warning of MkDocs fail the build.")] = True,
) -> None:
    """Check the library and build its site.

    A site that is there, made from the very same files, is left as it is.
    """
    from threepass.building.site import uncollected

    with uncollected():
        from threepass.building.site import SITE, is_current
        from threepass.building.site import build as build_site
        from threepass.commands.opening import open_checked_library, root_of

        root = root_of(context)
        if is_current(root):
            typer.echo(f"{SITE}/ is up to date: nothing has changed since it was built")
            return
        from threepass.building.ahead import Ahead

        ahead = Ahead()  # before what takes long to import
        from threepass.building.memory import Memory
        from threepass.writing import locked

        memory = Memory(ahead)
        open_checked_library(context, memory)
        with locked(root, timeout=LONGEST_BUILD, what=SITE):
            code = build_site(root, strict=strict, memory=memory)
    if code:
        raise typer.Exit(code)
    typer.echo(f"{SITE}/ is built")


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="The port on 127.0.0.1.")] = 8000,
) -> None:
    """Show the site, as you write.

    It is at http://127.0.0.1:8000, and is built again when a file changes; at /write/ a day is written.
    """
    from threepass.building.site import port_is_taken
    from threepass.building.site import serve as serve_site
    from threepass.commands.opening import StopError, root_of

    root = root_of(context)
    if port_is_taken(port):
        raise StopError(f"port {port} is taken, by another `threepass serve` perhaps", f"`--port {port % 65535 + 1}`")
    serve_site(root, port=port)


def pages(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new folder, an empty one, or a former export.")],
    zensical: Annotated[
        bool, typer.Option("--zensical", help="Write an mkdocs.yml for Zensical beside the folder, too.")
    ] = False,
) -> None:
    """Write the site as plain Markdown.

    The same pages that MkDocs gets, and those in docs/, for another engine.
    """
    from threepass.building.markdown_tree import write_tree
    from threepass.commands.opening import open_checked_library
    from threepass.ledger import ledger

    library, tree = open_checked_library(context)
    written = write_tree(library, ledger(library, tree), tree, to=to)
    typer.echo(f"wrote {written} files to {to}")
    if zensical:
        write_configuration(library, to)


def write_configuration(library: "Library", docs: Path) -> None:
    """Write the mkdocs.yml by which Zensical builds an export; one that was not written so is left alone."""
    from threepass.building.zensical_config import HEAD, for_zensical
    from threepass.commands.opening import StopError
    from threepass.library_root import CONFIG
    from threepass.writing import write_atomically

    own, target = library.root / CONFIG, docs.resolve().parent / CONFIG
    if target.is_file() and not target.read_text("utf-8", "replace").startswith(HEAD):
        raise StopError(f"{target} is not one that threepass wrote for Zensical", "name a folder such as build/docs")
    write_atomically(target, for_zensical(own.read_text("utf-8"), docs=docs.name), inside=target.parent)
    typer.echo(f"wrote {target}: run `zensical build` in {target.parent}")
