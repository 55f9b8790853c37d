"""The records: what a day, a paper, a claim and a result are.

Plain data in (text, lists, mappings, as `source.py` gives them); frozen, typed values out. Each field's description
goes into the JSON Schema that `threepass schema` prints; what its value must be stands in `fields.py`.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from threepass.fields import (
    ArxivId,
    BibtexFields,
    Bound,
    CitationKey,
    Code,
    Control,
    Date,
    Doi,
    Latex,
    Minutes,
    Prose,
    Published,
    Text,
    Url,
    Whole,
    Word,
    refuse,
)


class Record(BaseModel):
    """What all records share: they are frozen, and an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Link(Record):
    """A named address."""

    title: Text = Field(description="What one finds there.")
    url: Url = Field(title="Address", description="Its address, beginning with https://.")


class DayReading(Record):
    """A paper read on this day, and how deeply."""

    paper: CitationKey = Field(description="The paper's citation key: the name of its note in papers/.")
    pass_: Annotated[Whole, Field(ge=1, le=3)] = Field(
        alias="pass", description="1: what is it about? 2: what does it say? 3: could I have written it?"
    )
    minutes: Minutes | None = Field(None, description="Minutes spent.")


class Reading(Record):
    """A pass through this paper."""

    pass_: Annotated[Whole, Field(ge=1, le=3)] = Field(
        alias="pass", description="1: what is it about? 2: what does it say? 3: could I have written it?"
    )
    date: Date = Field(description="The day it was read.")
    minutes: Minutes | None = Field(None, description="Minutes spent.")


class Review(Record):
    """How well a paper was remembered, some time after it was read."""

    date: Date = Field(description="The day one tried to remember it.")
    rating: Literal["again", "hard", "good", "easy"] = Field(
        description="again: it was gone; hard: with effort; good: after a moment; easy: at once."
    )


class Contribution(Record):
    """Something given back: a pull request, an issue, a review."""

    title: Text = Field(description="What it does.")
    url: Url = Field(title="Address", description="Where it is.")
    status: Literal["draft", "open", "merged", "closed"] | None = Field(None, description="How it stands.")


class Figure(Record):
    """A plot that a function of ours draws."""

    plot: Code = Field(description="The function that returns a matplotlib figure: package.module:function.")
    caption: Text = Field(description="What the figure shows.")
    alt: Text = Field(description="What one would see, for those who cannot see it.")


class Day(Record):
    """One day's entry: `journal/2021/2021-08-27.yml`."""

    date: Date = Field(description="The day, as in the file's name.")
    day: Annotated[Whole, Field(ge=0, le=100_000)] | None = Field(
        None, description="Its number in the challenge: unique, and rising with the date."
    )
    title: Text | None = Field(None, description="The day in a line.")
    goals: tuple[Word, ...] = Field((), description="Which of the challenge's goals (mkdocs.yml) the day served.")
    minutes: Minutes | None = Field(None, description="Minutes of work.")
    readings: tuple[DayReading, ...] = Field((), description="What was read, and how deeply.")
    topics: tuple[Word, ...] = Field((), description="Topics, as listed in mkdocs.yml.")
    notes: Prose | None = Field(None, description="Markdown; [[key]] and [[2021-08-26]] are links, $…$ is math.")
    links: tuple[Link, ...] = Field((), description="Addresses worth keeping.")
    contributions: tuple[Contribution, ...] = Field((), description="What was given back.")
    figures: tuple[Figure, ...] = Field((), description="Plots that our code draws.")
    shared: tuple[Url, ...] = Field((), description="Where the day was posted.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.title is None and self.notes is None:
            raise refuse("P023", "the day says nothing", "give it a `title` or `notes`")
        return self


class FiveCs(Record):
    """Keshav's five questions for the first pass (How to Read a Paper, 2007, section 2.1)."""

    category: Prose | None = Field(None, description="What type of paper is this?")
    context: Prose | None = Field(None, description="Which papers and theories does it build on?")
    correctness: Prose | None = Field(None, description="Do its assumptions appear to be valid?")
    contributions: Prose | None = Field(None, description="What are its main contributions?")
    clarity: Prose | None = Field(None, description="Is it well written?")


class Equation(Record):
    """An equation of the paper, and the function that computes it."""

    id: Word = Field(description="Its name within the note.")
    label: Text = Field(description="Where the paper has it: Equation 1.")
    latex: Latex = Field(description="The equation; turned into MathML when the site is built.")
    code: Code | None = Field(None, description="The function that computes it: package.module:function.")
    symbols: dict[Text, Text] = Field(
        default_factory=dict, description="What its symbols stand for, by their LaTeX: {x: the input}."
    )


class Expect(Record):
    """The bound that a measured number must meet; exactly one of the four."""

    at_most: Bound | None = Field(None, description="value ≤ bound.")
    at_least: Bound | None = Field(None, description="value ≥ bound.")
    equals: Bound | None = Field(None, description="|value − equals| ≤ within.")
    within: Bound | None = Field(None, description="The tolerance of `equals`.")
    between: Annotated[tuple[Bound, ...], Field(min_length=2, max_length=2)] | None = Field(
        None, description="low ≤ value ≤ high, as [low, high]."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        given = [name for name in ("at_most", "at_least", "equals", "between") if getattr(self, name) is not None]
        if len(given) != 1:
            said = "no bound" if not given else " and ".join(given)
            raise refuse("P042", f"a bound is one of at_most, at_least, equals, between: here {said}")
        if (self.within is not None) != (self.equals is not None):
            raise refuse("P042", "`equals` and `within` go together", "write {equals: 1, within: 1.0e-6}")
        if self.within is not None and self.within < 0:
            raise refuse("P042", f"a tolerance of {self.within} can never be met", "`within` is not negative")
        if self.between is not None and self.between[0] > self.between[1]:
            raise refuse("P042", f"no number lies between {self.between[0]} and {self.between[1]}", "swap the two")
        return self

    def met_by(self, value: float) -> bool:
        """Whether a measured number meets the bound; NaN never does."""
        if self.at_most is not None:
            return value <= self.at_most
        if self.at_least is not None:
            return value >= self.at_least
        if self.equals is not None and self.within is not None:
            return abs(value - self.equals) <= self.within
        low, high = self.between or (math.nan, math.nan)
        return low <= value <= high


class Claim(Record):
    """A sentence of the paper that our code measures."""

    id: Word = Field(description="Its name within the note.")
    says: Text = Field(description="The claim, in a sentence.")
    where: Text | None = Field(None, description="Where the paper makes it: Proposition 1.")
    check: Code = Field(description="The function that measures it: no arguments, returns one number or named numbers.")
    expect: Expect = Field(description="The bound that each number must meet.")
    control: Control | None = Field(
        None, description="The same measurement on something that must miss the bound; `none` with `why_no_control`."
    )
    why_no_control: Text | None = Field(None, description="Why no control makes sense; only with `control: none`.")
    timeout: Annotated[Whole, Field(ge=1, le=24 * 3600)] | None = Field(
        None, description="Seconds that check and control may take together, if not 60."
    )

    @model_validator(mode="after")
    def _has_control(self) -> Self:
        if self.control is None:
            hint = "name a measurement that must miss the bound, or write `control: none` and `why_no_control: …`"
            raise refuse("P043", f"claim '{self.id}' has no control", hint)
        if (self.control == "none") != (self.why_no_control is not None):
            raise refuse("P043", "`control: none` and `why_no_control` go together", "say why no control makes sense")
        return self


class Paper(Record):
    """The front matter of a note: `papers/<citation key>.md`."""

    title: Text = Field(description="The paper's title.")
    authors: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(description="All authors, in order.")
    published: Published = Field(description="When its first version appeared: 2017-06-12, 2017-06 or 2017.")
    arxiv: ArxivId | None = Field(None, title="arXiv id", description="Its arXiv id, without the version.")
    doi: Doi | None = Field(None, title="DOI", description="Its DOI.")
    url: Url | None = Field(None, title="Address", description="Its address, where it has neither arXiv id nor DOI.")
    version: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        None, description="The arXiv version that the notes speak of."
    )
    updated: Date | None = Field(None, description="When that version appeared.")
    categories: tuple[Text, ...] = Field((), description="arXiv's subject classes, the primary one first.")
    venue: Text | None = Field(None, description="Where it was published: ICML 2017.")
    topics: tuple[Word, ...] = Field((), description="Topics, as listed in mkdocs.yml.")
    abstract: Prose | None = Field(None, description="The abstract, if it is to be kept.")
    bibtex: BibtexFields = Field(
        default_factory=dict,
        title="BibTeX",
        description="What its BibTeX entry says beyond these keys, as it stands there; `type` is the entry's type.",
    )
    readings: tuple[Reading, ...] = Field((), description="Passes that no day's entry records.")
    reviews: tuple[Review, ...] = Field((), description="How well it was remembered; the schedule follows from these.")
    five_cs: FiveCs | None = Field(None, description="Keshav's five questions for the first pass.")
    equations: tuple[Equation, ...] = Field((), description="Equations, with the code that computes them.")
    claims: tuple[Claim, ...] = Field((), description="Sentences of the paper that our code measures.")
    figures: tuple[Figure, ...] = Field((), description="Plots that our code draws.")
    links: tuple[Link, ...] = Field((), description="Code, talks, discussions.")

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if self.arxiv is None and self.doi is None and self.url is None and self.venue is None:
            raise refuse("P039", "the paper cannot be found", "give it one of `arxiv`, `doi`, `url` or `venue`")
        if self.updated is not None and self.updated < self.published:
            raise refuse("P014", f"updated {self.updated} is before published {self.published}")
        return self


class RoadmapItem(Record):
    """Something to read or watch."""

    title: Text | None = Field(None, description="What it is called; of a paper with a note, its title is known.")
    kind: Literal["paper", "post", "tutorial", "video", "book", "course"] = Field("paper", description="What it is.")
    paper: CitationKey | None = Field(None, description="The citation key of its note in papers/, if it has one.")
    url: Url | None = Field(None, title="Address", description="Its address.")
    pass_: Annotated[Whole, Field(ge=1, le=3)] = Field(
        1, alias="pass", description="How deeply a paper is to be read; it is done when it has been."
    )
    done: Date | None = Field(
        None, description="The day it was done; of a paper with a note, that follows from its passes."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.paper is None and (self.title is None or self.url is None):
            raise refuse("P039", "the item cannot be found", "give it `paper: KEY`, or `title` and `url`")
        if self.paper is not None and self.done is not None:
            raise refuse(
                "P014", "`done` of a paper follows from its passes", f"`threepass read {self.paper}` records one"
            )
        return self


class RoadmapSection(Record):
    """A part of the roadmap."""

    title: Text = Field(description="What it is about.")
    items: tuple[RoadmapItem, ...] = Field(description="What to read or watch, in order.")


class Roadmap(Record):
    """What to read and watch, in order: `papers/roadmap.yml`."""

    sections: tuple[RoadmapSection, ...] = Field(description="Its parts, in order.")


class Measurement(Record):
    """What one claim measured, written by `threepass verify` and by nothing else."""

    values: dict[str, float | None] = Field(description="Each measured number by name; null where it was not finite.")
    control: dict[str, float | None] = Field(description="The control's numbers; empty without a control.")
    met: bool = Field(description="Whether all values met the bound.")
    control_met: bool = Field(description="Whether the control met it too, which proves the claim empty.")
    expect: Expect = Field(description="The bound that was in force.")
    reason: str = Field("", description="Why it, or its control, could not be measured.")
    seconds: float = Field(description="Wall-clock seconds of the check.")
    measured: Date = Field(description="The day of the measurement.")
    environment: dict[str, str] = Field(description="Versions of python and of the packages it used, and the seed.")
    fingerprint: str = Field(description="Of the code that produced it.")

    def agrees_with(self, other: Measurement) -> bool:
        """Whether it says the same as another; they may differ in when they were made and how long they took."""
        return self.model_copy(update={"seconds": other.seconds, "measured": other.measured}) == other


class Results(Record):
    """`papers/results/<citation key>.json`."""

    paper: CitationKey
    claims: dict[str, Measurement] = Field(description="What each claim measured last.")
    history: dict[str, tuple[Measurement, ...]] = Field(
        default_factory=dict, description="What it measured before that, newest first."
    )


class Imported(Record):
    """What arXiv said of a paper when it was last asked: `papers/imported/arxiv/<citation key>.json`."""

    paper: CitationKey
    arxiv: ArxivId
    version: Annotated[Whole, Field(ge=1, le=1000)] = Field(description="The latest version, or the one asked for.")
    title: Text
    authors: Annotated[tuple[Text, ...], Field(min_length=1)]
    published: Date
    updated: Date = Field(description="When that version appeared.")
    categories: tuple[Text, ...] = ()
    doi: Doi | None = None
    venue: Text | None = Field(None, description="arXiv's journal reference.")
    abstract: Text | None = Field(None, description="Only where the note keeps it.")
    comment: Text | None = None
    withdrawn: bool = False
    versions: tuple[Date, ...] = Field((), description="When each version appeared, where OAI-PMH was asked.")
