"""`threepass share`."""

from typing import Annotated, Literal

import typer

from threepass.commands.completion import days


def share(
    context: typer.Context,
    day: Annotated[
        str | None,
        typer.Argument(
            metavar="DAY", help="2021-08-27, today or yesterday; if not said, the last.", autocompletion=days
        ),
    ] = None,
    on: Annotated[
        Literal["x", "mastodon", "linkedin"] | None, typer.Option("--on", help="Print only the text for this one.")
    ] = None,
) -> None:
    """Print what one may post about a day, with its link and card.

    Nothing is sent.
    """
    from threepass.commands.opening import StopError, date_named, open_library
    from threepass.ledger import ledger, source_tree
    from threepass.pages import site_of
    from threepass.pages.cards import card_file
    from threepass.pages.head import card_of
    from threepass.pages.share import post_of
    from threepass.pages.sharing import NETWORKS, post_for

    library = open_library(context)
    if day in ("today", "yesterday"):
        day = date_named(day).isoformat()
    entry = library.by_name.get(day) if day else next(reversed(library.entries), None)
    if entry is None:
        hint = f"the last day is {library.entries[-1].name}" if library.entries else "`threepass today` writes one"
        raise StopError(f"no day '{day}'" if day else "no day yet", hint, exit_code=2)
    tree = source_tree(library)
    site = site_of(library, ledger(library, tree), tree)
    post = post_of(site, entry)
    for network in NETWORKS:
        text = post_for(network, post)
        if on == network.name:
            typer.echo(text)
        elif on is None:
            typer.echo(f"--- {network.title}: {network.length(text)} of {network.limit} characters\n{text}\n")
    if on is None:
        typer.echo(f"--- Card: {card_file(card_of(site, entry), library.root)}")
    if not post.link:
        typer.echo("no link: `site_url` in mkdocs.yml (or what it takes from the environment) is not set", err=True)
