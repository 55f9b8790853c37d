from datetime import date, timedelta

import pytest
import torch

from reproductions.seq2seq.spoken_dates import VOCABULARY, WORDS, dates, spoken, text_of_source, text_of_target


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(1984, 3, 23), "the twenty third of march nineteen eighty four"),
        (date(1900, 1, 1), "the first of january nineteen hundred"),
        (date(1907, 12, 31), "the thirty first of december nineteen oh seven"),
        (date(1919, 5, 20), "the twentieth of may nineteen nineteen"),
        (date(1910, 6, 10), "the tenth of june nineteen ten"),
        (date(1920, 7, 21), "the twenty first of july nineteen twenty"),
        (date(1950, 9, 30), "the thirtieth of september nineteen fifty"),
        (date(1912, 2, 12), "the twelfth of february nineteen twelve"),
    ],
)
def test_dates_as_one_says_them(day, said):
    assert " ".join(spoken(day)) == said


def test_no_two_dates_are_said_alike_and_all_words_are_known():
    days = [date(1900, 1, 1) + timedelta(days=n) for n in range(36_524)]
    assert days[-1] == date(1999, 12, 31)
    said = [" ".join(spoken(day)) for day in days]
    assert len(set(said)) == len(days)
    assert {word for text in said for word in text.split()} <= set(WORDS)


def test_another_century_is_refused():
    with pytest.raises(ValueError, match="2001-01-01 is not in the years 1900 to 1999"):
        spoken(date(2001, 1, 1))


def test_source_and_target_say_the_same_date_and_parts_say_where():
    drawn = dates(20, phrases=range(3), generator=torch.Generator().manual_seed(0))
    assert drawn.pairs.source.max() < VOCABULARY
    assert drawn.parts.shape == (*drawn.pairs.source.shape, 3)
    for source, target, parts in zip(*drawn.pairs, drawn.parts, strict=True):
        words = text_of_source(source)
        day = date.fromisoformat(text_of_target(target))
        for part, said in enumerate(spoken(day)):
            assert " ".join(words[i] for i in parts[:, part].nonzero().flatten().tolist()) == said


def test_filler_is_as_much_as_asked():
    generator = torch.Generator().manual_seed(1)
    bare, filled = (dates(50, phrases=range(k, k + 1), generator=generator) for k in (0, 5))
    assert all(" ".join(text_of_source(source)).startswith("the ") for source in bare.pairs.source)
    assert (bare.parts.any(dim=-1).sum(dim=1) == (bare.pairs.source > 2).sum(dim=1)).all()
    assert ((filled.pairs.source > 2).sum(dim=1) - filled.parts.any(dim=-1).sum(dim=1) >= 5).all()
    assert len({int(parts.any(dim=-1).nonzero()[0]) for parts in filled.parts}) > 3  # it stands before the date or not


def test_a_token_that_is_no_character_shows_as_a_question_mark():
    assert text_of_target(torch.tensor([4, 0, 13, 14, 1, 3])) == "1?-??0"
    assert text_of_target(torch.tensor([4, 2, 5])) == "1"
