"""Data made by rule, and the first steps of each training: what a seed gives is what it gave when claims were measured.

A claim about something trained holds near its settings too, so that no claim would tell a learning rate from half of
it, or a data set from a slightly different one. Here a few steps on little data tell. Where a data set comes with a
package or with Python, a small one of our own takes its place.
"""

from __future__ import annotations

import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from reproductions.attribution.reading import read_text
from reproductions.attribution.small_networks import random_network, trained_classifier
from reproductions.attribution.token_methods import METHODS
from reproductions.bert import answering, passages
from reproductions.bert.question_answering import span_loss
from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import train_classifier
from reproductions.generation import small_gpt2
from reproductions.normal import normal
from reproductions.recurrent import classify, long_lag, names, text
from reproductions.seq2seq import encoder_decoder, training
from reproductions.seq2seq.lstm_pair import LSTMPair
from reproductions.seq2seq.rnn_encoder_decoder import RNNEncoderDecoder
from reproductions.seq2seq.rnn_search import RNNsearch
from reproductions.seq2seq.spoken_dates import VOCABULARY, dates, text_of_source, text_of_target
from reproductions.transducer import spoken_digits
from reproductions.transformer import copying

PROSE = [
    f"Paragraph {n} says that {n} and {n * 7 % 11} differ, " + "and so on, " * (n % 5) + "to its end."
    for n in range(60)
]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def near(*expected):
    """Equal but for what another machine's order of additions makes of a few steps."""
    return pytest.approx(list(expected), rel=2e-3, abs=1e-6)


@pytest.fixture
def few_names(monkeypatch):
    starts = ["a", "da", "ki", "la", "ma", "ra", "sha", "va"]
    found = [
        gender + start + middle + end + "."
        for gender, ends in ((">", "nr"), ("<", "ai"))
        for end in ends
        for start in starts
        for middle in ("ru", "ni")
    ]
    monkeypatch.setattr(names, "names", lambda: found)
    return found


@pytest.fixture
def little_prose(monkeypatch):
    monkeypatch.setattr(text, "prose", lambda: ("\n".join([*PROSE[1:], ""]), PROSE[0] + "\n"))
    monkeypatch.setattr(small_gpt2, "paragraphs", lambda: PROSE)


def test_spellers_of_names(few_names):
    assert [[len(part) for part in names.split(fold)] for fold in (0, 4)] == [[51, 13], [52, 12]]
    lstm = names.trained.__wrapped__(epochs=3)
    other = names.trained.__wrapped__(fold=1, epochs=1, mixed_up=True)
    assert [names.bits_per_character(model) for model in (lstm, other)] == near(4.512563, 4.762118)
    assert [sum(names.read_by_one_letter(0, place=place)) for place in (1, -2)] == [0, 13]
    assert names.sampled(lstm, ">", count=2) == ["Tj", "Djuqyqhphzw"]


def test_a_writer_of_prose(little_prose):
    writer = text.trained.__wrapped__(steps=4)
    assert [text.bits_per_character(writer, PROSE[0])] == near(4.468535)
    assert text.sampled(writer, "The ", temperature=0.5, length=6).text == "i ano "


def test_a_small_gpt2(little_prose):
    model, unseen = small_gpt2.trained.__wrapped__(steps=3)
    assert unseen.shape == (1, 64)
    logits = model(unseen)
    assert [cross_entropy(logits[:, :-1].flatten(end_dim=1), unseen[:, 1:].flatten()).item()] == near(6.134954)


def test_a_first_symbol_and_noise():
    x, answers = long_lag.sequences(3, 2, generator=seeded())
    assert answers.tolist() == [0, 1, 1]
    assert x[0].flatten().tolist() == near(-1, -0.385154, 0.268157, -0.0198132, 0, -0.0887440, 0.264613, -0.302213)
    found = [long_lag.remembered.__wrapped__(cell, steps=6, batches=20) for cell in long_lag.CELLS]
    assert found == pytest.approx([0.958, 0.482, 0.826], abs=0.02)


def test_praise_and_blame():
    words = [classify.labelled(2, unseen=unseen, generator=seeded())[0].flatten() for unseen in (False, True)]
    assert [" ".join(classify.WORDS[word] for word in one) for one in words] == [
        "the play was not good the book was not fine",
        "the play was not clever the book was not fresh",
    ]
    vectors = classify.vectors.__wrapped__(pairs=50)
    assert (vectors @ vectors.T)[10, 10:13].tolist() == near(5.74527, 2.27164, 4.11805)
    found = [classify.accuracy.__wrapped__(deep=both, pretrained=both, seed=1) for both in (False, True)]
    assert found == pytest.approx([0.61, 0.997], abs=0.03)


def test_questions_on_passages():
    drawn = [passages.questions(2, generator=random.Random(1), unseen=unseen) for unseen in (False, True)]
    assert [passages.text_of(row) for data in drawn for row in data.tokens] == [
        "[CLS] what ? [SEP] old small emma , green dark key , old garden . [SEP]",
        "[CLS] who ? [SEP] green small garden , green small hugo , green cold lamp . [SEP]",
        "[CLS] who ? [SEP] hall , small greta , key . [SEP]",
        "[CLS] where ? [SEP] greta , wide old book , wide cold kitchen . [SEP]",
    ]
    assert [span.tolist() for span in drawn[0].spans] == [[8, 8], [10, 10]]
    model = answering.trained.__wrapped__(steps=4)
    assert [span_loss(*model(data.tokens, data.segments), data.spans).item() for data in drawn] == near(
        4.73511, 3.82898
    )


def test_spoken_digits():
    data = spoken_digits.utterances(20, seed=1000)
    assert (data.y[:2].tolist(), data.T[:2].tolist()) == ([[9, 7, 9, 10], [10, 6, 1, 1]], [13, 7])
    assert [data.x.abs().sum().item(), spoken_digits.loss_of_guessing_the_script(data)] == near(973.548, 2.04478)
    trained = [spoken_digits.trained.__wrapped__(steps=4, reads=reads) for reads in (True, False)]
    assert [spoken_digits.losses(network, data).mean().item() for network in trained] == near(13.25608, 13.56047)


def test_spoken_dates():
    drawn = dates(3, phrases=range(3), generator=seeded())
    assert [(" ".join(text_of_source(s)), text_of_target(t)) for s, t in zip(*drawn.pairs, strict=True)] == [
        ("the twentieth of june nineteen sixty three", "1963-06-20"),
        ("the thirteenth of august nineteen thirty eight if i am not mistaken", "1938-08-13"),
        ("the twenty ninth of may nineteen twenty seven if i am not mistaken", "1927-05-29"),
    ]


@pytest.mark.parametrize(
    ("make", "teacher", "expected"),
    [
        (LSTMPair, True, 4.571152),
        (RNNEncoderDecoder, True, 3.945513),
        (RNNEncoderDecoder, False, 4.211487),
        (RNNsearch, True, 3.853226),
    ],
)
def test_encoders_and_decoders(make, teacher, expected):
    data = dates(150, phrases=range(2), generator=seeded()).pairs
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = make(VOCABULARY)
        training.train(model, copying.Pairs(data.source[:130], data.target[:130]), teacher=teacher)
    with torch.no_grad():
        found = encoder_decoder.log_probabilities(
            encoder_decoder.teacher_forced(model, data.source[130:], data.target[130:]), data.target[130:]
        )
    assert [-found.mean().item()] == near(expected)


def test_symbols_to_copy():
    model, held_out = copying.learnt("reverse", steps=6, seed=3)
    assert held_out.source[:2].tolist() == [[5, 7, 5, 10, 10, 11, 2, 0, 0], [5, 6, 10, 6, 3, 2, 0, 0, 0]]
    with torch.no_grad():
        found = model(held_out.source, held_out.target)
    assert [found.double().std().item()] == near(0.781862)


def test_a_classifier_of_emotions():
    classifier = train_classifier(training_sentences()[::6], steps=3)
    reading = read_text(classifier, "I am so glad to see you!")
    assert [method(reading)[4].item() for method in METHODS.values()] == near(
        0.00272274, 0.000755936, 0.00195619, 0.0306042, 0.0445076, 0.0720464, 0.307423
    )
    ids, mask = classifier.encode(["I am glad.", "How could they do that to us!"])
    assert classifier.logits(ids, mask)[:, :3].flatten().tolist() == near(
        *(-0.150895, -0.223009, -0.0496753), *(-0.153732, -0.222306, -0.0496487)
    )


def test_points_around_three_centres():
    f, x = trained_classifier(torch.tanh, seed=0)
    assert x[0, :3].tolist() == near(-2.66861, -0.348212, -1.45565)
    assert (1 - f(x)[:3]).tolist() == near(5.48328e-4, 3.72642e-4, 1.00436e-4)
    assert random_network((3, 4), torch.tanh, seed=1)(normal(2, 3, seed=0)).tolist() == near(0.709601, 0.813360)


class EnoughError(Exception):
    """Ends a training at its first step."""


CUT_TO_ONE = {
    "names": lambda: names.trained.__wrapped__(epochs=1),
    "prose": lambda: text.trained.__wrapped__(steps=4),
    "GPT-2": lambda: small_gpt2.trained.__wrapped__(steps=3),
    "long lag": lambda: long_lag.remembered.__wrapped__("RNN", steps=2),
    "answers": lambda: answering.trained.__wrapped__(steps=3),
    "emotions": lambda: train_classifier(training_sentences()[:6], steps=3),
}


@pytest.mark.parametrize("training", CUT_TO_ONE)
def test_gradients_are_cut_to_a_length_of_one(few_names, little_prose, monkeypatch, training):
    cut = []

    def stop(_, at):
        cut.append(at)
        raise EnoughError

    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", stop)
    with pytest.raises(EnoughError):
        CUT_TO_ONE[training]()
    assert cut == [1]


@pytest.mark.parametrize(
    ("training", "steps"),
    [(lambda: train_classifier(training_sentences()[:6]), 300), (answering.trained.__wrapped__, 600)],
    ids=["emotions", "answers"],
)
def test_steps_unless_told_otherwise(monkeypatch, training, steps):
    said = []

    def stop(*_, total_steps, **__):
        said.append(total_steps)
        raise EnoughError

    monkeypatch.setattr(torch.optim.lr_scheduler, "OneCycleLR", stop)
    with pytest.raises(EnoughError):
        training()
    assert said == [steps]
