"""The records: what a day, a paper, a claim and a result are.

Plain data in (text, lists, mappings, as `source.py` gives them); frozen, typed values out. Each field's description
goes into the JSON Schema that `threepass schema` prints. A value that cannot be is refused with the code of the problem
it is (`problems.py`), so that no message is ever guessed from another library's English.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from threepass.latex_text import balanced

CITATION_KEY = r"[a-z][a-z0-9]*?(?:1[5-9]|20)\d\d[a-z0-9]+"
"""First author's surname, year, first significant word of the title: `vaswani2017attention`."""
ENTRY_NAME = r"\d{4}-\d\d-\d\d(?:-\d+)?"
"""A day's file name: its date, and a number where the date has several entries: `2021-09-10-2`."""
ARXIV_ID = r"\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
WEB_ADDRESS = r"https?://[^\s<>\"]+"
DOI = r"10\.\d{4,9}/[^\s<>\"]+"
CODE_REFERENCE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
"""`package.module:function`."""


def refuse(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """Return the error that `records.py` turns into the problem `code`."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def _date(value: Any) -> Any:
    """Take `2021-08-27` and nothing else: pydantic alone also takes numbers as seconds since 1970."""
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise refuse("P013", f"'{value}' is not a date", "write it as year-month-day: 2021-08-27")
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise refuse("P013", f"'{value}' is not a date: {error}", "look at a calendar") from None


class RoughDate(dt.date):
    """A date of which maybe only the year, or the year and the month, is known; it compares as the first such day."""

    known: int

    def __new__(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """Return the date; what is not given is not known."""
        made = super().__new__(cls, year, month or 1, day or 1)
        made.known = 1 if month is None else 2 if day is None else 3
        return made

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the date that `2017`, `2017-06` or `2017-06-12` says. Raises `ValueError`."""
        return cls(*map(int, text.split("-")))

    def isoformat(self) -> str:
        """Return as much of the date as is known."""
        return super().isoformat()[: (4, 7, 10)[self.known - 1]]

    __str__ = isoformat

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).parse, (self.isoformat(),)


def _rough_date(value: Any) -> Any:
    """Take `2017`, `2017-06` and `2017-06-12`: a bibliography often knows no more."""
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        raise refuse("P013", f"'{value}' is not a date", "write what is known of it: 2017-06-12, 2017-06 or 2017")
    try:
        return RoughDate.parse(value)
    except ValueError as error:
        raise refuse("P013", f"'{value}' is not a date: {error}", "look at a calendar") from None


def _number(value: Any) -> Any:
    """Take digits and nothing else for a whole number: pydantic alone also takes `1_000` and `3.0`."""
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,9}", value):
        raise refuse("P012", f"'{value}' is not a whole number")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise refuse("P042", f"a bound of {value} bounds nothing", "write a finite number")
    return value


def _arxiv_id(value: str) -> str:
    if re.fullmatch(ARXIV_ID, value):
        return value
    versioned = re.fullmatch(rf"(?:arXiv:)?({ARXIV_ID})(?:v(\d+))?", value, re.IGNORECASE)
    hint = "write 1703.01365, or hep-th/9901001 for one from before April 2007"
    if versioned:
        hint = f"write {versioned[1]}" + (f" and `version: {versioned[2]}`" if versioned[2] else "")
    raise refuse("P034", f"'{value}' is not an arXiv id", hint)


def _url(value: str) -> str:
    if not re.fullmatch(WEB_ADDRESS, value):
        raise refuse("P014", f"'{value}' is not a web address", "it begins with https:// and holds no spaces")
    return value


def _doi(value: str) -> str:
    if not re.fullmatch(DOI, value):
        raise refuse("P014", f"'{value}' is not a DOI", "it looks like 10.1145/1273445.1273458")
    return value


def _word(value: str) -> str:
    if not re.fullmatch(WORD, value):
        raise refuse("P014", f"'{value}' is not a name of this kind", "lower case, digits and hyphens: sequence-models")
    return value


def _bibtex(fields: dict[str, str]) -> dict[str, str]:
    for name, value in fields.items():
        if not re.fullmatch(r"[a-z][a-z0-9_+:.-]*", name):
            raise refuse("P014", f"'{name}' is not the name of a BibTeX field", "lower case: volume, pages")
        if not balanced(value):
            raise refuse("P014", f"the braces of '{name}' do not match", "close each { with a }")
    return fields


def _citation_key(value: str) -> str:
    if not re.fullmatch(CITATION_KEY, value):
        raise refuse("P030", f"'{value}' is not a citation key", "surname, year, word: vaswani2017attention")
    return value


def _code(value: str) -> str:
    if not re.fullmatch(CODE_REFERENCE, value):
        raise refuse("P040", f"'{value}' names no function", "write package.module:function")
    return value


def _control(value: str) -> str:
    return value if value == "none" else _code(value)


def _text(value: str) -> str:
    if not value.strip():
        raise refuse("P012", "the text is empty")
    return value


def _matching(pattern: str) -> WithJsonSchema:
    """Say in the JSON Schema what a text of this kind looks like, for the forms and editors that read it."""
    return WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$"})


def _of_lines(media_type: str) -> WithJsonSchema:
    """Say in the JSON Schema that a text has several lines, and what they are."""
    return WithJsonSchema({"type": "string", "contentMediaType": media_type})


Date = Annotated[dt.date, BeforeValidator(_date)]
Published = Annotated[
    dt.date,
    BeforeValidator(_rough_date),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"}),
]
Whole = Annotated[int, BeforeValidator(_number)]
Text = Annotated[str, AfterValidator(_text)]
Prose = Annotated[Text, _of_lines("text/markdown")]
Latex = Annotated[Text, _of_lines("application/x-latex")]
ArxivId = Annotated[str, AfterValidator(_arxiv_id), _matching(ARXIV_ID)]
Url = Annotated[str, AfterValidator(_url), _matching(WEB_ADDRESS)]
Doi = Annotated[str, AfterValidator(_doi), _matching(DOI)]
Word = Annotated[str, AfterValidator(_word), _matching(WORD)]
CitationKey = Annotated[str, AfterValidator(_citation_key), _matching(CITATION_KEY)]
Code = Annotated[str, AfterValidator(_code), _matching(CODE_REFERENCE)]
Control = Annotated[str, AfterValidator(_control), _matching(f"none|{CODE_REFERENCE}")]
Bound = Annotated[float, AfterValidator(_finite)]
Minutes = Annotated[Whole, Field(ge=1, le=24 * 60)]


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
    bibtex: Annotated[dict[str, Text], AfterValidator(_bibtex)] = Field(
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
