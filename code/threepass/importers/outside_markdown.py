"""Markdown from elsewhere in; the same for a page of the library, and what had to be changed, out.

What our pages read in their own way is escaped: `[[…]]`, `{{ … }}`, `:::`, a `$` that is no formula, a `#word` that
begins a line. Raw HTML that only lays out becomes Markdown, for pages show HTML as text. Images and links into files
beside the text are asked for; no page loads an image from another site.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from threepass.latex.equations import BrokenEquation, to_mathml
from threepass.markdown.fences import fences, without_code
from threepass.markdown.formulas import formulas
from threepass.markdown.inserts import sources, values
from threepass.markdown.links import references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DESTINATION = (
    r"\(\s*(?P<{0}><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)"
    r"(?P<{0}_title>\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]\n]*)\]" + _DESTINATION.format("src"))
_LINK = re.compile(r"(?<![!\\])\[(?P<text>(?:[^\[\]\n]|!\[[^\[\]\n]*\]\([^()\n]*\))*)\]" + _DESTINATION.format("href"))
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\]^\n][^\]\n]*)\]:[ \t]*(?P<href>\S+)(?P<rest>.*)$", re.MULTILINE)
_EMBED = re.compile(r"!\[\[(?P<name>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|(?P<alt>[^\[\]\n]*))?\]\]")
_COMMENT = re.compile(r"%%((?:(?!%%|--).)+)%%", re.DOTALL)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(
    r"\b(?P<name>[a-z]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.IGNORECASE
)
_LAYOUT = frozenset({"p", "div", "center", "details", "summary", "span", "font", "br", "hr", "u", "picture", "source"})
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "h1": "# ", "h2": "## ", "h3": "### ",
             "h4": "#### ", "h5": "##### ", "h6": "###### "}  # fmt: skip
_HASHTAG = re.compile(r"^(?P<space> {0,3})#(?=[^\W\d_]|\d+\w)", re.MULTILINE)
_BARE = re.compile(r"(?<![\w<>(\"'=\[/])https?://[^\s<>()\[\]`|]+(?:\([^\s<>()\[\]`|]*\)[^\s<>()\[\]`|]*)*")
_IS_WEB = re.compile(r"(?:https?:)?//|mailto:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """What a text leads to: an image, or the target of a link; `address` is as it was written."""

    address: str
    is_image: bool


@dataclass(frozen=True, slots=True)
class Adapted:
    """A text as a page of the library can hold it, and remarks: where (a character of what came in), and what."""

    text: str
    remarks: tuple[tuple[int, str], ...]
    web: tuple[tuple[int, str], ...]
    """The web addresses that it links to, and where."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str
    remark: str = ""


def adapted(markdown: str, *, locate: Callable[[Target], str | None], wiki: Callable[[str], str | None]) -> Adapted:
    """Return Markdown for a page.

    `locate` gives the address for what is no web page: a file beside the text, or an image anywhere; None where it has
    none. `wiki` gives the name of the record that a `[[name]]` means.
    """
    bare = without_code(_closed(markdown))[: len(markdown)]
    found = [*_links(markdown, bare, locate), *_wiki_links(markdown, wiki), *_embeds(bare, locate)]
    found += [*_tags(markdown, bare, locate), *_bare_addresses(bare)]
    edits = list(_without_overlaps(found))
    text, position = [], 0
    for edit in edits:
        text += [markdown[position : edit.start], edit.text]
        position = edit.end
    escaped = _escaped("".join([*text, markdown[position:]]), wiki)
    remarks = tuple((edit.start, edit.remark) for edit in edits if edit.remark)
    return Adapted(escaped, remarks, tuple(_web(bare)))


def without_comments(markdown: str) -> str:
    """Return Markdown in which Obsidian's comments, `%%…%%`, are those of HTML, which no page shows."""
    for match in reversed([*_COMMENT.finditer(without_code(_closed(markdown)))]):
        start, end = match.span()
        markdown = f"{markdown[:start]}<!--{markdown[start + 2 : end - 2]}-->{markdown[end:]}"
    return markdown


def _closed(markdown: str) -> str:
    """Return Markdown in which a last fence that is never closed is closed, as pages do it."""
    *_, last = [None, *fences(markdown)]
    if last is None or last.end < len(markdown):
        return markdown
    return markdown if markdown.endswith("\n") else markdown + "\n"


def _links(markdown: str, bare: str, locate: Callable[[Target], str | None]) -> Iterator[_Edit]:
    for match in _LINK.finditer(bare):
        text = markdown[match.start("text") : match.end("text")]
        inner = _IMAGE.sub(lambda image: _image_within(image, locate), text)
        href = match["href"].strip("<>")
        if inner == text and _stays(href):
            continue
        said, remark = _link(inner, href, match["href_title"] or "", locate)
        remark = remark or next((told for image in _IMAGE.finditer(text) if (told := _image(image, locate)[1])), "")
        yield _Edit(*match.span(), said, remark)
    for match in _IMAGE.finditer(bare):
        yield _Edit(*match.span(), *_image(match, locate))
    for match in _DEFINITION.finditer(bare):
        if not _stays(match["href"].strip("<>")):
            found = locate(Target(match["href"].strip("<>"), is_image=False))
            said = f"[{match['label']}]: {found}{match['rest']}" if found else f"{match['label']}: `{match['href']}`"
            remark = "" if found else f"{match['href']} leads to no page here"
            yield _Edit(*match.span(), said, remark)


def _stays(href: str) -> bool:
    """Whether a link leads to the web, by an address that can be read: MkDocs stops at `http://[x`."""
    try:
        urlsplit(href)
    except ValueError:
        return False
    return _IS_WEB.match(href) is not None


def _link(text: str, href: str, title: str, locate: Callable[[Target], str | None]) -> tuple[str, str]:
    """Return a link as Markdown, and what is to be said of it."""
    if _stays(href):
        return f"[{text}]({href}{title})", ""
    if found := locate(Target(href, is_image=False)):
        return (_record_link(found, text) if found.startswith("[[") else f"[{text}]({found}{title})"), ""
    if href.startswith("#") or not href:
        return text, ""
    return f"{text} ({_code(href)})", f"{href} leads to no page here: its address stands beside the words"


def _record_link(found: str, text: str) -> str:
    """Return `[[name|text]]` for the record `[[name]]`, where the text can stand so."""
    return found if not text.strip() or re.search(r"[\[\]|]", text) else f"{found[:-2]}|{text}]]"


def _image(match: re.Match[str], locate: Callable[[Target], str | None]) -> tuple[str, str]:
    return _shown_image(match["src"].strip("<>"), match["alt"], match["src_title"] or "", locate)


def _image_within(match: re.Match[str], locate: Callable[[Target], str | None]) -> str:
    """Return an image that is a link's text: where it stays on the web its words, since a link holds no other link."""
    image = _image(match, locate)[0]
    return image if image.startswith(("!", "`")) else match["alt"].strip() or _code(match["src"])


def _shown_image(src: str, alt: str, title: str, locate: Callable[[Target], str | None]) -> tuple[str, str]:
    """Return an image as Markdown, and what is to be said of it."""
    if found := locate(Target(src, is_image=True)):
        return f"![{alt}]({found}{title})", ""
    words = alt.strip() or src.rsplit("/", 1)[-1] or "image"
    if _stays(src):
        return f"[{words}]({src}{title})", f"{src} is on the web: it became a link"
    return _code(f"![{alt}]({src}{title})"), f"{src} cannot be copied: its place is kept as code"


def _code(text: str) -> str:
    marks = "``" if "`" in text else "`"
    return f"{marks}{text}{marks}"


def _bare_addresses(bare: str) -> Iterator[_Edit]:
    """Yield addresses that stand in a text without marks: GitHub links these, pages only where `<` and `>` are."""
    taken = [match.span() for pattern in (_LINK, _IMAGE, _DEFINITION, _TAG) for match in pattern.finditer(bare)]
    for match in _BARE.finditer(bare):
        address = match.group().rstrip(".,;:!?*_'\"~")
        if _stays(address) and not any(start <= match.start() < end for start, end in taken):
            yield _Edit(match.start(), match.start() + len(address), f"<{address}>")


def _wiki_links(markdown: str, wiki: Callable[[str], str | None]) -> Iterator[_Edit]:
    """Links to records and notes, `[[name]]`: those that mean a record of ours are written so."""
    for link in references(markdown):
        name = wiki(link.target)
        if name is not None and (name != link.target or link.heading) and not markdown[: link.start].endswith("!"):
            yield _Edit(link.start, link.end, f"[[{name}|{link.text or link.heading or link.target}]]")


def _embeds(bare: str, locate: Callable[[Target], str | None]) -> Iterator[_Edit]:
    """Images as Obsidian has them, `![[name.png]]`."""
    for match in _EMBED.finditer(bare):
        name = match["name"].strip()
        if found := locate(Target(name, is_image=True)):
            alt, stem = match["alt"] or "", name.rsplit(".", 1)[0]
            size = re.fullmatch(r"(\d+)(?:x\d+)?", alt)  # of Obsidian: what stands there is no word for the image
            said = f"![{stem}]({found}){{ width={size[1]} }}" if size else f"![{alt or stem}]({found})"
            yield _Edit(*match.span(), said)
        else:
            yield _Edit(*match.span(), _code(match.group()), f"{name} cannot be copied: its place is kept as code")


def _tags(markdown: str, bare: str, locate: Callable[[Target], str | None]) -> Iterator[_Edit]:
    """Tags of HTML: images, links and emphasis as Markdown, those that only lay out gone."""
    opened: list[str] = []
    for match in _TAG.finditer(bare):
        name, closes = match["name"].lower(), bool(match["close"])
        given = _attributes(markdown[match.start("attributes") : match.end("attributes")])
        start = match.start()
        line = markdown.rfind("\n", 0, start) + 1
        if name == "img" and not closes:
            if not markdown[line:start].strip():
                start = line  # four spaces before it would make code of it
            yield _Edit(start, match.end(), *_shown_image(given.get("src", ""), given.get("alt", ""), "", locate))
        elif name == "br":
            ends = markdown[match.end() : match.end() + 1] in ("\n", "")
            in_row = markdown[line:].lstrip().startswith("|")
            yield _Edit(start, match.end(), " " if in_row else "  " if ends else "  \n")
        elif name == "a" and not closes:
            opened.append(given.get("href", ""))
            yield _Edit(start, match.end(), "[" if given.get("href") else "")
        elif name == "a":
            href = opened.pop() if opened else ""
            found = href if _stays(href) else locate(Target(href, is_image=False)) if href else None
            lost = bool(href) and found is None and not href.startswith("#")
            remark = f"{href} leads to no page here: its address stands beside the words" if lost else ""
            said = f"]({found})" if found and not found.startswith("[[") else f"] ({_code(href)})" if href else ""
            yield _Edit(start, match.end(), said, remark)
        elif name in _LAYOUT:
            yield _Edit(start, match.end(), "")
        elif name in _EMPHASIS:
            mark = _EMPHASIS[name]
            yield _Edit(start, match.end(), "" if closes and mark.startswith("#") else mark)


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag."""
    return {
        one["name"].lower(): html.unescape(one["double"] or one["single"] or one["bare"] or "")
        for one in _ATTRIBUTE.finditer(text)
    }


def _without_overlaps(edits: list[_Edit]) -> Iterator[_Edit]:
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= position:
            yield edit
            position = edit.end


def _escaped(markdown: str, wiki: Callable[[str], str | None]) -> str:
    """Escape what our pages would read as their own."""
    escapes: dict[int, str] = {}
    for link in references(markdown):
        if wiki(link.target) is None:
            escapes[link.start] = "[\\"
    for formula in formulas(markdown):
        made = to_mathml(html.unescape(formula.latex), display=formula.display)
        if not formula.closed or isinstance(made, BrokenEquation):
            return _escaped(_without_dollars(markdown), wiki)
    for value in values(markdown):
        escapes[value.start] = "&#123;"
    for source in sources(markdown):
        escapes[markdown.index(":", source.start)] = "&#58;"
    for match in _HASHTAG.finditer(without_code(markdown)):
        escapes[match.end() - 1] = "\\#"
    return "".join(escapes.get(place, letter) for place, letter in enumerate(markdown)) if escapes else markdown


def _without_dollars(markdown: str) -> str:
    """Return the text with every `$` outside of code as an entity: one of its formulas is none."""
    bare = without_code(markdown)
    return "".join("&#36;" if letter == "$" and bare[n] == "$" else letter for n, letter in enumerate(markdown))


def _web(bare: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"https?://[^\s<>()\[\]\"'`|]+", bare):
        yield match.start(), match.group().rstrip(".,;:!?*_")
