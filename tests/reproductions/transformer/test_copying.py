import pytest
import torch

from reproductions.transformer.copying import END, PADDING, SMALL, SYMBOLS, Pairs, exact, learnt, pairs, train
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
