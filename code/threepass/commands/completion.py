"""What the shell completes."""

import typer


def keys(context: typer.Context, incomplete: str) -> list[str]:
    """Return the citation keys that begin so; never an error."""
    from threepass.commands.opening import StopError, root_of
    from threepass.settings import read_settings

    try:
        root = root_of(context)
        papers = root / read_settings(root)[0].papers
        return sorted(path.stem for path in papers.rglob("*.md") if path.stem.startswith(incomplete))
    except (StopError, OSError):
        return []
