"""Weights are trained once, read from then on, and never stand for anything but what they were trained by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

from reproductions import kept as module
from reproductions.kept import digest, kept
from reproductions.seq2seq.lstm_pair import LSTMPair
from reproductions.seq2seq.rnn_search import RNNsearch
from reproductions.seq2seq.training import train as train_pair
from reproductions.transducer.network import Transducer

CACHE_FOLDER = module.cache_folder


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "cache_folder", lambda name: tmp_path / name)
    return tmp_path / "trained"


@pytest.fixture
def trainings():
    return []


def seeded(make, *options, seed=0, **more):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make(*options, **more)


def weights(model):
    return torch.cat([tensor.detach().flatten() for tensor in model.state_dict().values()])


def train(model, *, to=2.0, **_):
    with torch.no_grad():
        model.weight.fill_(to)


def test_trained_once_and_read_from_then_on(folder, monkeypatch, trainings):
    def counted(model, *, to):
        trainings.append(to)
        train(model, to=to)

    first, second, other = (kept(seeded(nn.Linear, 2, 3), partial(counted, to=to)) for to in (2.0, 2.0, 5.0))
    assert trainings == [2.0, 5.0]
    assert torch.equal(weights(first), weights(second))
    assert (first.weight == 2).all()
    assert (other.weight == 5).all()
    assert torch.equal(first.bias, seeded(nn.Linear, 2, 3).bias)
    assert sorted(path.suffix for path in folder.iterdir()) == [".lock", ".lock", ".pt", ".pt"]


def test_training_that_fails_keeps_nothing(folder):
    def fails(model):
        train(model)
        raise RuntimeError("interrupted")

    model = seeded(nn.Linear, 2, 3)
    before = weights(model)
    with pytest.raises(RuntimeError, match="interrupted"):
        kept(model, partial(fails))
    assert torch.equal(weights(model), before)
    assert not list(folder.glob("*.pt"))


def test_training_runs_on_one_thread_with_deterministic_algorithms(folder, trainings):
    def setting():
        return torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()

    torch.set_num_threads(2)
    try:
        kept(nn.Linear(1, 1), partial(lambda _: trainings.append(setting())))
        assert trainings == [(1, True)]
        assert setting() == (2, False)
    finally:
        torch.set_num_threads(1)


@dataclass(frozen=True)
class Sizes:
    width: int


def test_a_digest_is_that_of_all_that_weights_follow_from():
    model = partial(seeded, nn.Linear, 2, 3)
    found = [
        digest(model(), partial(train, data=torch.zeros(2))),
        digest(model(seed=1), partial(train, data=torch.zeros(2))),
        digest(model(), partial(train, data=torch.zeros(3))),
        digest(model(), partial(train, data=torch.ones(2))),
        digest(model(), partial(train, data=torch.zeros(2, dtype=torch.int32))),
        digest(model(), partial(train, to=torch.zeros(2))),
        digest(model(), partial(kept, data=torch.zeros(2))),
        *(digest(model(), partial(train, to=to)) for to in (1, 1.0, "1", None, [1], (1,), {"a": 1}, {"b": 1}, [[1]])),
        *(digest(model(), partial(train, to=to)) for to in (Sizes(1), Sizes(2), [1, [2]], [[1], 2], True)),
        *(digest(nn.Sequential(model(), nn.Dropout(p)), partial(train)) for p in (0.1, 0.2)),
        digest(nn.Sequential(nn.Dropout(0.1), model()), partial(train)),
    ]
    assert len(set(found)) == len(found)
    assert digest(model(), partial(train, data=torch.zeros(2))) == found[0]


def test_settings_that_are_no_weights_count():
    searches = [digest(seeded(RNNsearch, 9, looks=looks), partial(train_pair)) for looks in ("once", "at each word")]
    sizes = {"inputs": 2, "labels": 3, "hidden": 4}
    readers = [digest(seeded(Transducer, **sizes, reads=reads), partial(train_pair)) for reads in (True, False)]
    assert len({*searches, *readers}) == 4


@pytest.mark.parametrize("changed", ["seq2seq/training.py", "seq2seq/lstm_pair.py", "transformer/copying.py"])
def test_code_counts_with_what_it_imports(changed, monkeypatch):
    model = seeded(LSTMPair, 9)
    before, read = digest(model, partial(train_pair)), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"#" * path.as_posix().endswith(changed))
    assert digest(model, partial(train_pair)) != before


def test_code_that_is_not_imported_does_not_count(monkeypatch):
    model = seeded(LSTMPair, 9)
    before, read = digest(model, partial(train_pair)), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"#" * path.as_posix().endswith("claims.py"))
    assert digest(model, partial(train_pair)) == before


def test_another_release_counts(monkeypatch):
    before = digest(nn.Identity(), partial(train))
    monkeypatch.setattr(module, "version", lambda package: f"{package} 0")
    assert digest(nn.Identity(), partial(train)) != before


def test_what_is_no_plain_data_is_refused(folder):
    with pytest.raises(TypeError, match="weights cannot be kept by a set; hint: give plain data"):
        kept(nn.Linear(1, 1), partial(train, to={1, 2}))
    assert not list(folder.glob("*.pt"))


def test_weights_are_kept_in_the_library_or_with_the_user(tmp_path, monkeypatch):
    (tmp_path / "notes" / "papers").mkdir(parents=True)
    monkeypatch.setattr(module, "user_cache_path", lambda name: tmp_path / "home" / name)
    monkeypatch.chdir(tmp_path / "notes" / "papers")
    assert CACHE_FOLDER("trained") == tmp_path / "home" / "threepass" / "trained"
    (tmp_path / "notes" / "mkdocs.yml").touch()
    assert CACHE_FOLDER("trained") == tmp_path / "notes" / ".cache" / "trained"
