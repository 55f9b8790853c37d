from collections import Counter

import pytest

from reproductions.emotions.sentences import EMOTIONS, held_out_sentences, read_sentences, training_sentences
from reproductions.emotions.vocabulary import words


def test_emotions_are_balanced():
    training = Counter(one.emotion for one in training_sentences())
    held_out = Counter(one.emotion for one in held_out_sentences())
    assert set(training) == set(held_out) == set(range(len(EMOTIONS)))
    assert len(set(training.values())) == len(set(held_out.values())) == 1
    assert training.total() >= 300
    assert held_out.total() >= 100


def test_no_sentence_stands_twice():
    texts = [one.text for one in (*training_sentences(), *held_out_sentences())]
    assert len(set(texts)) == len(texts)


def test_no_held_out_sentence_is_a_training_sentence_with_words_exchanged():
    def overlap(one, other):  # longest common subsequence
        row = [0] * (len(other) + 1)
        for word in one:
            before = 0
            for j, its in enumerate(other, 1):
                row[j], before = max(row[j], row[j - 1], before + (word == its)), row[j]
        return row[-1]

    training = [words(one.text) for one in training_sentences()]
    for one in held_out_sentences():
        held_out = words(one.text)
        closest = max(training, key=lambda other: overlap(held_out, other) / max(len(held_out), len(other)))
        share = overlap(held_out, closest) / max(len(held_out), len(closest))
        assert share <= 0.6, (one.text, " ".join(closest))


@pytest.mark.parametrize(
    ("text", "said"),
    [("# joy\nHa!\n# bliss\n", "a.txt:3: no emotion of ours: 'bliss'"), ("\nHa!\n", "a.txt:2: which emotion is it?")],
)
def test_a_mistake_in_a_file_has_its_line(tmp_path, text, said):
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        read_sentences(tmp_path / "a.txt")
