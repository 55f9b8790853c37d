import pytest

from reproductions.generation import gpt2_claims as claims


def test_the_size_of_a_gpt2_by_hand():
    # embeddings of tokens and places; per layer four matrices of w², eight of w² in the wide part, biases and norms
    layers, w, vocabulary = 2, 64, 100
    expected = (vocabulary + 1024) * w + layers * (12 * w * w + 13 * w) + 2 * w
    assert claims._parameters(layers, w, vocabulary) == expected
    assert claims.SIZES == {117: (12, 768), 345: (24, 1024), 762: (36, 1280), 1542: (48, 1600)}


def test_millions_off_are_off_either_way(monkeypatch):
    monkeypatch.setattr(claims, "SIZES", {5: (1, 64), 7: (2, 64)})
    monkeypatch.setattr(claims, "_parameters", lambda layers, _, vocabulary: layers * 4e6 + vocabulary)
    assert claims.parameters_off_table_2() == pytest.approx({"5 M": 0.949743, "7 M": 1.050257})
    assert claims.parameters_off_table_2_with_the_vocabulary_of_gpt()["5 M"] == pytest.approx(1 - 0.040478)


def test_texts_that_are_lost(monkeypatch):
    class Shouts:
        def encode(self, text):
            return text

        def decode(self, text):
            return text.upper()

    monkeypatch.setattr(claims, "paragraphs", lambda: ["a b", "C"])
    monkeypatch.setattr(claims, "tokenizer_of", lambda _: Shouts())
    monkeypatch.setattr(claims, "TEXTS", ("a b C", "C", "b x", "1"))
    assert claims.texts_that_are_lost_in_bytes() == 0.5
    assert claims.texts_that_are_lost_in_words() == 0.5
