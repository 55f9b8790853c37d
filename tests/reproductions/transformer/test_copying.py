from itertools import chain

import pytest
import torch

from reproductions.transformer import copying
from reproductions.transformer.copying import END, PADDING, SMALL, SYMBOLS, Pairs, exact, learnt, pairs, train
from reproductions.transformer.hyperparameters import Hyperparameters
from reproductions.transformer.model import Transformer


def words(row):
    return [token for token in row.tolist() if token != PADDING]


@pytest.mark.parametrize("task", ["copy", "reverse"])
def test_targets_are_what_the_task_says(task):
    source, target = pairs(200, task, lengths=range(2, 6), generator=torch.Generator().manual_seed(0))
    assert source.shape == target.shape == (200, 6)
    assert len({tuple(row.tolist()) for row in source}) == 200
    for x, y in zip(source, target, strict=True):
        *symbols, end = words(x)
        assert end == END
        assert 2 <= len(symbols) <= 5
        assert set(symbols) <= set(SYMBOLS)
        assert words(y) == [*(symbols if task == "copy" else symbols[::-1]), END]
        assert y[len(symbols) + 1 :].tolist() == [PADDING] * (5 - len(symbols))


def test_all_lengths_and_symbols_come_up():
    source, _ = pairs(300, "copy", lengths=range(2, 6), generator=torch.Generator().manual_seed(0))
    assert {len(words(row)) - 1 for row in source} == {2, 3, 4, 5}
    assert set(source.unique().tolist()) == {PADDING, END, *SYMBOLS}


def test_more_sequences_than_there_are_is_refused():
    with pytest.raises(ValueError, match="there are 110 sequences, not 111; hint: take greater lengths"):
        pairs(111, "copy", lengths=range(1, 3), generator=torch.Generator())


def test_all_sequences_that_there_are_may_be_asked_for():
    source, _ = pairs(110, "copy", lengths=range(1, 3), generator=torch.Generator().manual_seed(0))
    assert len({tuple(row.tolist()) for row in source}) == 110


def test_exact_means_every_symbol_and_the_end():
    class Canned(Transformer):
        """Answers with the words it is given, whatever the source."""

        def __init__(self, answer):
            super().__init__(SMALL, vocabulary=SYMBOLS.stop)
            self.answer = answer

        def decode(self, target, z, source):
            return torch.nn.functional.one_hot(self.answer[:, : target.shape[1]], SYMBOLS.stop).double()

    target = torch.tensor([[3, 4, END, PADDING], [5, END, PADDING, PADDING], [5, 6, 7, END], [8, 8, END, PADDING]])
    answer = torch.tensor([[3, 4, END, 9], [5, 5, END, 3], [5, 6, 7, END], [8, 8, 8, END]])
    assert exact(Canned(answer), Pairs(target, target)) == 0.5


def trained(data, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = Transformer(SMALL, vocabulary=SYMBOLS.stop, padding=PADDING)
        losses = train(model, data, batch=4, warmup=20, **options)
    return model.E.detach(), losses


def test_training_ends_with_the_mean_of_its_checkpoints_and_a_lower_loss():
    data = pairs(24, "copy", lengths=range(2, 4), generator=torch.Generator().manual_seed(0))
    early = Pairs(*(tokens[:16] for tokens in data))
    last_two = [trained(part, checkpoints=1)[0] for part in (early, data)]
    mean, losses = trained(data, checkpoints=2, interval=2)
    torch.testing.assert_close(mean, torch.stack(last_two).mean(dim=0))
    assert len(losses) == 6
    assert losses[-1] < losses[0]


def test_what_is_learnt_repeats_to_the_bit_and_leaves_torchs_generator_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    model, held_out = learnt("reverse", steps=2, batch=4, seed=3)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    again, same = learnt("reverse", steps=2, batch=4, seed=3)
    assert torch.equal(model.E, again.E)
    assert torch.equal(held_out.source, same.source)
    assert not torch.equal(model.E, learnt("reverse", steps=2, batch=4, seed=4)[0].E)
    assert len(held_out.source) == 500


def test_what_is_held_out_was_not_trained_on(monkeypatch):
    seen = []
    monkeypatch.setattr("reproductions.transformer.copying.train", lambda _, data, **__: seen.append(data))
    _, held_out = learnt("copy", lengths=range(2, 4), steps=2, batch=100, seed=0)
    trained_on = {tuple(row.tolist()) for row in seen[0].source}
    assert len(trained_on) == 200
    assert not trained_on & {tuple(row.tolist()) for row in held_out.source}


def test_five_checkpoints_twenty_steps_apart_of_batches_of_64(monkeypatch):
    class Kept(Transformer):
        """Notes at which step its weights were asked for."""

        def __init__(self):
            super().__init__(Hyperparameters(N=1, d_model=2, d_ff=2, h=1, d_k=2, d_v=2, P_drop=0.0), vocabulary=13)
            self.steps, self.kept, self.rows = 0, [], []

        def forward(self, source, target):
            self.steps += 1
            self.rows.append(source.tolist())
            return super().forward(source, target)

        def state_dict(self, *args, **options):
            self.kept.append(self.steps)
            return super().state_dict(*args, **options)

    data = pairs(105, "copy", lengths=range(1, 3), generator=torch.Generator().manual_seed(0))
    model = Kept()
    assert len(train(model, data, batch=1)) == 105
    assert model.kept == [25, 45, 65, 85, 105]
    twice = Pairs(*(tokens.repeat(2, 1)[:129] for tokens in data))
    warmups = []
    monkeypatch.setattr(copying, "lrate", lambda _, *, d_model, warmup: warmups.append((d_model, warmup)) or 0.001)
    model = Kept()
    assert len(train(model, twice)) == 3
    assert [len(rows) for rows in model.rows] == [64, 64, 1]
    assert list(chain(*model.rows)) == twice.source.tolist()
    assert warmups == [(2, 200)] * 3


def test_a_long_row_is_reversed_as_well():
    row = torch.arange(100) % 10 + SYMBOLS.start
    found = copying._reversed(torch.nn.functional.pad(row, (0, 60))[None])[0]
    assert found.tolist() == [*row.tolist()[::-1], *[PADDING] * 60]


def test_what_is_learnt_unless_one_says_otherwise(monkeypatch):
    calls = []
    monkeypatch.setattr(copying, "train", lambda model, data, **options: calls.append((model, data, options)))
    _, held_out = learnt("reverse")
    (model, data, options), *_ = calls
    assert options == {"batch": 64, "checkpoints": 5}
    assert (len(data.source), len(held_out.source)) == (600 * 64, 500)
    assert model.positions
    assert model.causal
    assert ((data.source >= SYMBOLS.start).sum(dim=1).unique()).tolist() == [4, 5, 6, 7, 8]
    assert model.E.shape == (13, 64)
