import math
from itertools import chain

import pytest
import torch

from reproductions.recurrent import names as names_module
from reproductions.recurrent import names_claims
from reproductions.recurrent.names import (
    FOLDS,
    SYMBOLS,
    Speller,
    Trained,
    bits_per_character,
    given_once,
    names,
    nats,
    read_back,
    sampled,
    split,
    swapped,
    trained,
)


def test_names_are_marked_ended_and_spelt_in_known_symbols():
    assert len(names()) == len(set(names())) > 500
    assert ">arjun." in names()
    assert set("".join(names())) <= set(SYMBOLS)


def test_each_name_is_held_out_and_never_by_another_gender_in_what_is_read():
    held = [name for fold in range(FOLDS) for name in split(fold)[1]]
    assert set(held) == set(names())
    for fold in range(FOLDS):
        read, unseen = split(fold)
        assert not {name[1:] for name in read} & {name[1:] for name in unseen}


def test_a_network_that_knows_nothing_spends_the_logarithm_of_the_symbols():
    speller = Speller().eval()
    with torch.no_grad():
        speller.readout.weight.zero_()
        speller.readout.bias.zero_()
    model = Trained(speller, [">ab.", "<abcde."])
    assert bits_per_character(model) == pytest.approx(math.log2(len(SYMBOLS)), abs=1e-6)
    assert nats(speller, model.held).gt(0).sum(dim=1).tolist() == [3, 6]  # the padding is free


def test_genders_are_swapped_and_names_of_both_are_left_out():
    assert swapped(">sai.") == "<sai."
    assert given_once([">sai.", "<sai.", ">arjun."]) == [">arjun."]


def test_training_helps_and_samples_end():
    before, after = trained(epochs=0), trained(epochs=3)
    assert bits_per_character(after) < bits_per_character(before) - 0.3
    assert len(read_back(after)) == len(given_once(after.held))
    found = sampled(after, ">", count=5, longest=8)
    assert len(found) == 5
    assert all(len(name) <= 8 and "." not in name for name in found)


class EnoughError(Exception):
    """Ends a training when what is asked about has been seen."""


def test_each_epoch_reads_every_name_once_in_batches_of_32(monkeypatch):
    read = [f"{'><'[k % 2]}{'abcdefghij'[k // 10]}{'abcdefghij'[k % 10]}." for k in range(66)]
    monkeypatch.setattr(names_module, "split", lambda _: (read, ["<ab."]))
    batches, rates = [], []

    def free(speller, texts):
        batches.append(texts)
        return speller.readout.bias[:1]

    monkeypatch.setattr(names_module, "nats", free)
    monkeypatch.setattr(torch.optim.Adam, "step", lambda optimizer: rates.append(optimizer.param_groups[0]["lr"]))
    assert trained.__wrapped__().held == ["<ab."]
    assert [len(batch) for batch in batches] == [32, 32, 2] * 30
    for epoch in range(30):
        assert sorted(chain(*batches[3 * epoch : 3 * epoch + 3])) == sorted(read)
    half = [0.005 * (1 + math.cos(math.pi * step / 90)) / 2 for step in range(90)]
    assert rates == pytest.approx(half)  # a cosine that would reach zero at the step behind the last


def test_the_loss_is_the_mean_over_symbols(monkeypatch):
    losses = []

    def stop(loss):
        losses.append(loss.item())
        raise EnoughError

    monkeypatch.setattr(torch.autograd, "backward", stop)
    monkeypatch.setattr(names_module, "nats", lambda _, texts: 3.0 * torch.ones(len(texts), 5))
    monkeypatch.setattr(names_module, "split", lambda _: ([">abcd."] * 4, []))
    with pytest.raises(EnoughError):
        trained.__wrapped__()
    assert losses == [3.0]  # five symbols behind the gender


def test_a_speller_as_it_comes():
    speller = Speller()
    assert (speller.embedding.embedding_dim, speller.layer.hidden_size, speller.dropout.p) == (16, 64, 0.3)
    assert isinstance(speller.layer, torch.nn.LSTM)


def test_a_name_that_does_not_end_is_cut_at_twenty_letters():
    speller = Speller().eval()
    with torch.no_grad():
        speller.readout.weight.zero_()
        speller.readout.bias.copy_(torch.tensor([100.0 * (symbol == "a") for symbol in SYMBOLS]))
    assert sampled(Trained(speller, []), "<", count=1) == ["A" + 19 * "a"]


def test_one_letter_tells_the_gender_by_hand(monkeypatch):
    read, held = [">ax.", ">ay.", "<by.", "<cy."], [">ay.", "<by.", "<ax.", ">zz."]
    monkeypatch.setattr(names_module, "split", lambda _: (read, held))
    assert names_module.read_by_one_letter(0, place=1) == [True, True, False, False]
    assert names_module.read_by_one_letter(0, place=-2) == [False, True, False, False]


def test_claims_about_names_by_hand(monkeypatch):
    monkeypatch.setattr(names_claims, "FOLDS", 2)
    monkeypatch.setattr(names_claims, "ALPHAS", (1.0,))
    monkeypatch.setattr(names_claims, "split", lambda fold: ([">ab."], [">a.", "<ba."][fold : fold + 1]))
    # of three symbols read behind the gender, each of a, b and the end is one; 27 symbols, smoothed by one
    each = -math.log2((1 + 1 / 27) / (3 + 1))
    assert names_claims.bits_of_ngrams(1) == pytest.approx(each)
    asked = []
    monkeypatch.setattr(names_claims, "trained", lambda **options: asked.append(options))
    monkeypatch.setattr(names_claims, "bits_per_character", lambda _: 2.5)
    monkeypatch.setattr(names_claims, "bits_of_ngrams", lambda n: n / 8)
    above = {"unigrams": 2.375, "bigrams": 2.25, "4-grams": 2.0}
    assert names_claims.bits_above_ngrams() == names_claims.bits_above_ngrams_after_one_epoch() == above
    assert asked == [{"fold": fold, "epochs": epochs} for epochs in (30, 1) for fold in (0, 1)]
    monkeypatch.setattr(names_claims, "read_back", lambda _: [True, True, True, False])
    monkeypatch.setattr(names_claims, "read_by_one_letter", lambda _, *, place: [place == 1, place == 1, True, False])
    assert names_claims.genders_read_back() == names_claims.genders_read_back_after_mixing_up() == 0.75
    assert asked[4:] == [{"fold": 0}, {"fold": 1}, {"fold": 0, "mixed_up": True}, {"fold": 1, "mixed_up": True}]
    assert (names_claims.genders_by_the_first_letter(), names_claims.genders_by_the_last_letter()) == (0.75, 0.25)
