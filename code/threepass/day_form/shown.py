"""What is served now: what its pages are made from, how their Markdown becomes HTML, and the frame around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threepass.pages import Site


@dataclass(frozen=True)
class Shown:
    """A site as the last build made it. `frame` is a page of it, as HTML, whose article gives way to the form."""

    site: Site
    extensions: Sequence[str] = ()
    extension_configs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    frame: str = ""
