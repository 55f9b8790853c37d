"""A library and its code in; what is wrong in its Markdown (notes, days, docs/), out. One rule, one function."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from threepass.latex.equations import BrokenEquation, to_mathml
from threepass.library import Entry
from threepass.markdown.formulas import formulas
from threepass.markdown.inserts import PARTS, sources, values
from threepass.markdown.links import headings, references, slug
from threepass.problems import did_you_mean
from threepass.reach.excerpts import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threepass.library import Library
    from threepass.markdown.inserts import Source, Value
    from threepass.markdown.passages import Passage
    from threepass.problems import Problem
    from threepass.reach.symbols import SourceTree


def check_prose(library: Library, tree: SourceTree) -> Iterator[Problem]:
    """Yield what is wrong in every text of a library."""
    for passage in library.passages():
        for rule in RULES:
            yield from rule(passage, library, tree)


def links_lead_somewhere(passage: Passage, library: Library, tree: SourceTree) -> Iterator[Problem]:  # noqa: ARG001 - a rule's signature
    """P035 and P036."""
    for reference in references(passage.text):
        target = library.find(reference.target)
        if target is None:
            known = [*library.notes, *library.by_name]
            hint = did_you_mean(reference.target, known) or "a link names a citation key or a date"
            yield passage.problem("P035", f"[[{reference.target}]] leads nowhere", at=reference.start, hint=hint)
        elif reference.heading is not None:
            there = headings(target.body if not isinstance(target, Entry) else target.day.notes or "")
            if slug(reference.heading) not in {slug(heading) for heading in there}:
                message = f"{reference.target} has no heading '{reference.heading}'"
                hint = did_you_mean(reference.heading, there) or f"it has: {', '.join(there) or 'none'}"
                yield passage.problem("P036", message, at=reference.start, hint=hint)


def formulas_compile(passage: Passage, library: Library, tree: SourceTree) -> Iterator[Problem]:  # noqa: ARG001 - a rule's signature
    """P046."""
    for formula in formulas(passage.text):
        if not formula.closed:
            hint = "end the formula's last line with $$"
            yield passage.problem("P046", "a formula is never closed", at=formula.start, hint=hint)
            continue
        latex = html.unescape(formula.latex)  # as Markdown gives it to us when the page is made
        made = to_mathml(latex, display=formula.display)
        if isinstance(made, BrokenEquation):
            message = f"a formula does not compile: {made.reason}"
            yield passage.problem("P046", message, at=formula.start + made.offset, hint=made.hint(latex))


def source_is_there(passage: Passage, library: Library, tree: SourceTree) -> Iterator[Problem]:
    """P047."""
    for source in sources(passage.text):
        message, hint = _wrong_with_source(source, library, tree)
        if message:
            yield passage.problem("P047", message, at=source.start, hint=hint)


def _wrong_with_source(source: Source, library: Library, tree: SourceTree) -> tuple[str, str]:
    if not tree.owns(source.name.partition(":")[0]):
        return f"'{source.name}' is in none of the claims' packages", hint_at_packages(library)
    if ":" not in source.name:
        return f"'{source.name}' names a module", "name what to show of it: package.module:function"
    symbol = tree.find(source.name)
    if symbol is None:
        return f"'{source.name}' cannot be shown: there is no such name", hint_at_code(library, tree, source.name)
    if source.wrong:
        return f"{source.wrong} of '{source.name}'", f'write some of {", ".join(PARTS)}, or from="…" to="…"'
    if excerpt(symbol, first=source.first, last=source.last) is None:
        asked = source.first if excerpt(symbol, first=source.first) is None else source.last
        return f"no statement of '{source.name}' begins with '{asked}'", "copy its first words from the source"
    return "", ""


def hint_at_packages(library: Library) -> str:
    """Return what to try where code is named that is in none of the claims' packages."""
    return f"`claims.packages` in mkdocs.yml lists: {', '.join(library.settings.claims.packages) or 'nothing'}"


def hint_at_code(library: Library, tree: SourceTree, reference: str) -> str:
    """Return where the code is broken that a name stands in, or that its package brings in; else what may be meant."""
    module = reference.partition(":")[0]
    package, own = module.partition(".")[0], tree.module(module)
    broken = [one for one in tree.broken() if one.path.relative_to(tree.root).parts[0].removesuffix(".py") == package]
    for one in sorted(broken, key=lambda one: own is None or one.path != own.path):
        path = f"{library.settings.claims.code}/{one.path.relative_to(tree.root).as_posix()}"
        return f"{path}:{one.line}:{one.column} is broken: {one.message}"
    near = tree.nearest(reference)
    return f"did you mean '{near}'?" if near else f"there is no such name under {library.settings.claims.code}/"


def values_have_a_claim(passage: Passage, library: Library, tree: SourceTree) -> Iterator[Problem]:  # noqa: ARG001 - a rule's signature
    """P048."""
    for value in values(passage.text):
        message, hint = _wrong_with_value(value, library)
        if message:
            yield passage.problem("P048", message, at=value.start, hint=hint)


def _wrong_with_value(value: Value, library: Library) -> tuple[str, str]:
    name = f"{value.key}/{value.claim}"
    known = [f"{note.key}/{claim.id}" for note in library.notes.values() for claim in note.paper.claims]
    if value.wrong:
        return f"this is no measured value: {value.wrong}", "write {{ citation-key/claim | number | 2 digits }}"
    if name not in known:
        ids = [claim.partition("/")[2] for claim in known if claim.startswith(f"{value.key}/")]
        listed = f"{value.key} claims: {', '.join(ids)}" if ids else "a value names a citation key and a claim's id"
        return f"there is no claim '{name}'", did_you_mean(name, known) or listed
    measured = library.measurement(value.key, value.claim)
    numbers = (measured.control if value.control else measured.values) if measured else {}
    if value.number and numbers and value.number not in numbers:
        role = "control" if value.control else "claim"
        message = f"the {role} of '{name}' measured no number '{value.number}'"
        return message, did_you_mean(value.number, numbers) or f"it has: {', '.join(numbers)}"
    return "", ""


RULES: tuple[Callable[[Passage, Library, SourceTree], Iterator[Problem]], ...] = (
    links_lead_somewhere,
    formulas_compile,
    source_is_there,
    values_have_a_claim,
)
