import os
import subprocess
import sys
from collections import Counter

from reproductions.emotions.vocabulary import SPECIAL, word_piece_tokenizer, word_pieces


def test_the_most_frequent_pair_is_joined_first():
    # worked by hand: ##o ##w stands 5 times, as l ##o does; "##o" comes before "l" in the alphabet
    pieces = word_pieces(Counter({"low": 2, "lower": 3}), size=7)
    assert pieces == ["##e", "##o", "##r", "##w", "l", "##ow", "low"]


def test_there_are_no_more_pieces_than_there_is_text():
    assert word_pieces(Counter({"ab": 1}), size=100) == ["##b", "a", "ab"]


def test_special_pieces_are_among_as_many_as_asked_for():
    assert len(word_piece_tokenizer(["to travel is my dream"], size=25)) == 25


def test_the_tokenizer_is_distilberts():
    tokenizer = word_piece_tokenizer(["I am glad.", "I am sad."], size=100)
    assert tokenizer.convert_tokens_to_ids(list(SPECIAL)) == [0, 1, 2, 3, 4]
    assert tokenizer("I am GLAD.").tokens() == ["[CLS]", "i", "am", "glad", ".", "[SEP]"]
    assert tokenizer("mad").tokens() == ["[CLS]", "[UNK]", "[SEP]"]  # no word begins with an m


def test_every_process_has_the_same_pieces():
    """`tokenizers`' own trainer does not pass this."""
    program = (
        "from reproductions.emotions.vocabulary import word_pieces; from collections import Counter;"
        "print(word_pieces(Counter(dict.fromkeys(('abcd', 'cdab', 'dbca', 'bdac'), 1)), size=12))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
