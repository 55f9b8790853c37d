import pytest
import torch

from reproductions.transformer.hyperparameters import BASE, BIG, TABLE_3, VOCABULARY, Hyperparameters
from reproductions.transformer.model import Transformer
from reproductions.transformer.parameters import attention_parameters, feed_forward_parameters, parameters, rows_missed


def test_the_base_models_parts_by_hand():
    assert attention_parameters(BASE) == 4 * 512 * 512
    assert feed_forward_parameters(BASE) == 2 * 512 * 2048 + 2048 + 512


@pytest.mark.parametrize("row", TABLE_3)
def test_the_count_is_that_of_the_model_itself(row):
    p, _ = TABLE_3[row]
    with torch.device("meta"):
        model = Transformer(p, vocabulary=37_000)
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters(p, vocabulary=37_000)


@pytest.mark.parametrize("row", [row for row in TABLE_3 if "=" in row])
def test_a_row_is_the_base_model_but_for_what_it_names(row):
    name, value = row.removeprefix("(B) ").removeprefix("(C) ").split(" = ")
    p, _ = TABLE_3[row]
    assert getattr(p, name) == int(value)
    follows = {"d_k", "d_v"} if name == "d_model" else set()  # so that the heads together stay as wide as the model
    differ = {key for key, of_base in vars(BASE).items() if vars(p)[key] != of_base}
    assert differ == {name, *follows}
    assert p.d_k == p.d_v == p.d_model // p.h or name == "d_k"


@pytest.mark.parametrize(("p", "width"), [(BASE, 512), (BIG, 1024)], ids=["base", "big"])
def test_the_inner_layer_is_four_times_as_wide(p, width):
    assert (p.d_model, p.d_ff) == (width, 4 * width)


def test_every_row_keeps_the_width_of_its_heads_together():
    for row, (p, _) in TABLE_3.items():
        assert p.h * p.d_v == p.d_model, row


def test_a_row_is_missed_when_the_millions_differ():
    tiny = Hyperparameters(N=0, d_model=1000)
    assert parameters(tiny, vocabulary=2000, matrices=3) == 6_000_000
    assert rows_missed(41_000, rows=("base",)) == ()
    assert rows_missed(37_000, rows=("base",)) == ("base",)


def test_table_3_as_it_is_printed():
    assert vars(BASE) == {"N": 6, "d_model": 512, "d_ff": 2048, "h": 8, "d_k": 64, "d_v": 64, "P_drop": 0.1}
    assert vars(BIG) == {"N": 6, "d_model": 1024, "d_ff": 4096, "h": 16, "d_k": 64, "d_v": 64, "P_drop": 0.3}
    printed = {row: millions for row, (_, millions) in TABLE_3.items()}
    assert printed.pop("base") == 65
    assert printed.pop("big") == 213
    assert [printed.pop(f"(B) d_k = {d_k}") for d_k in (16, 32)] == [58, 60]
    assert [printed.pop(f"(C) N = {N}") for N in (2, 4, 8)] == [36, 50, 80]
    assert [printed.pop(f"(C) d_model = {d_model}") for d_model in (256, 1024)] == [28, 168]
    assert [printed.pop(f"(C) d_ff = {d_ff}") for d_ff in (1024, 4096)] == [53, 90]
    assert not printed
    assert VOCABULARY == 37_000  # section 5.1


def test_a_count_is_rounded_to_millions(monkeypatch):
    # one matrix of one column and nothing else: the rows are the parameters
    tiny = {"tiny": (Hyperparameters(N=0, d_model=1), 2)}
    monkeypatch.setattr("reproductions.transformer.parameters.TABLE_3", tiny)
    at = (1_499_999, 1_500_001, 2_499_999, 2_500_001)
    assert [rows_missed(vocabulary, rows=("tiny",)) == () for vocabulary in at] == [False, True, True, False]
