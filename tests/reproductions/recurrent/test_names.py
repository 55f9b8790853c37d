import math

import pytest
import torch

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
