import pytest
import torch

from reproductions.transducer import claims, spoken_digits
from reproductions.transducer.beam_search import beam_search, transcribe
from reproductions.transducer.lattice import NULL
from reproductions.transducer.network import Transducer
from reproductions.transducer.spoken_digits import (
    DIGITS,
    Utterances,
    heldout,
    losses,
    trained,
    untrained,
    utterances,
    when_written,
    written_in_time,
)


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as claims are measured, and faster on matrices this small
    yield
    torch.set_num_threads(threads)


def test_what_is_written_is_what_is_spoken():
    data = utterances(50, seed=1)
    assert (data.spoken >= 0).sum(dim=1).tolist() == data.T.tolist()
    assert (data.spoken.max(dim=1).values + 1).tolist() == data.U.tolist()
    assert data.x[data.spoken < 0].eq(0).all()
    for padded, length in zip(data.y, data.U, strict=True):
        y = padded[:length]
        digits, scripts = (y - 1) % DIGITS, (y - 1) // DIGITS
        assert NULL not in y
        assert scripts.unique().numel() == 1  # the clerk keeps to a script
        assert digits.diff().ne(0).all()  # no digit follows itself


def test_both_scripts_are_written_and_seeds_differ():
    data = utterances(50, seed=1)
    assert set(((data.y[:, 0] - 1) // DIGITS).tolist()) == {0, 1}
    assert not torch.equal(data.x, utterances(50, seed=2).x)
    assert torch.equal(data.x, utterances(50, seed=1).x)


def test_a_network_sees_nothing_of_the_padding():
    data, network = utterances(4, seed=1), untrained()
    whole = network(data.x, data.T, data.y)[0]
    alone = network(data.x[:1, : data.T[0]], data.T[:1], data.y[:1])[0]
    torch.testing.assert_close(whole[:1, : data.T[0]], alone)


def test_a_prediction_vector_depends_on_what_was_written_and_not_on_what_follows():
    network, y = untrained(), torch.tensor([[1, 2, 3], [1, 2, 4], [5, 2, 3]])
    g = network.predict(y)
    assert g.shape == (3, 4, network.labels)
    assert torch.equal(g[0, :3], g[1, :3])
    assert not torch.equal(g[0, 3], g[1, 3])
    assert not torch.equal(g[0, 1], g[2, 1])


def test_a_prediction_network_reads_unless_told_otherwise():
    assert Transducer(inputs=2, labels=3, hidden=4).reads


def test_a_prediction_network_that_cannot_read_still_counts():
    g = untrained(reads=False).predict(torch.tensor([[1, 2, 3], [4, 5, 6]]))
    assert torch.equal(g[0], g[1])
    assert not torch.equal(g[0, 0], g[0, 1])


def test_training_learns_when_symbols_are_spoken_and_repeats():
    data = utterances(50, seed=1000)
    before, after = untrained(), trained(steps=40)
    assert losses(after, data).mean() < losses(before, data).mean() / 3
    assert written_in_time(after, data) > written_in_time(before, data)
    assert not any(weights.requires_grad for weights in after.parameters())
    again = trained.__wrapped__(steps=40)
    assert all(torch.equal(a, b) for a, b in zip(after.parameters(), again.parameters(), strict=True))


def test_emissions_stay_within_their_sequence():
    data = utterances(10, seed=3)
    emissions = when_written(untrained(), data)
    assert emissions[data.spoken < 0].eq(0).all()
    torch.testing.assert_close(emissions.sum(dim=(1, 2)), data.U.float())


def test_the_search_writes_labels():
    data = utterances(1, seed=4)
    assert all(0 < label <= 10 for label in transcribe(untrained(), data.x[0, : data.T[0]], W=2))


def test_the_search_reads_what_it_has_written():
    data, network = utterances(3, seed=4), trained(steps=40)
    f = network.transcribe(data.x, data.T).detach()

    def found(place):
        def g(prefix):
            return network.predict(torch.tensor([prefix], dtype=torch.int64))[0, place]

        return [next(iter(beam_search(one[:T], g, W=3))) for one, T in zip(f, data.T, strict=True)]

    assert [transcribe(network, one[:T], W=3) for one, T in zip(data.x, data.T, strict=True)] == found(-1) != found(0)


def test_controls_miss_what_checks_meet():
    assert claims.diagonals_against_the_probability() < 1e-9 < claims.columns_against_the_probability()
    assert claims.times_a_symbol_is_written() < 1e-9 < claims.times_a_symbol_is_written_by_nodes()
    assert abs(claims.probability_of_all_outputs() - 1) < 1e-6
    assert claims.probability_of_all_outputs_without_the_last_null() > 1.1


def test_written_in_time_is_mostly_on_the_frames_where_it_is_spoken(monkeypatch):
    # three frames of symbol 0 and one of symbol 1; a second sequence with one symbol and no more
    spoken = torch.tensor([[0, 0, 0, 1], [0, 0, -1, -1]])
    data = Utterances(torch.zeros(2, 4, 6), torch.tensor([4, 2]), torch.ones(2, 2).long(), torch.tensor([2, 1]), spoken)

    def share(*, first, second, other):
        emissions = torch.zeros(2, 4, 2)
        emissions[0, :3, 0], emissions[0, 3, 0] = first / 3, 1 - first
        emissions[0, 3, 1], emissions[0, 0, 1] = second, 1 - second
        emissions[1, 1, 0] = other
        monkeypatch.setattr(spoken_digits, "when_written", lambda *_: emissions)
        return written_in_time(untrained(), data)

    assert share(first=0.9, second=0.9, other=0.9) == 1
    assert share(first=0.9, second=0.4, other=0.1) == pytest.approx(1 / 3)
    assert share(first=0.0, second=0.5, other=0.75) == pytest.approx(1 / 3)  # a half is not most of it


def test_training_draws_its_sequences_once_each(monkeypatch):
    drawn = []

    class EnoughError(Exception):
        pass

    def draw(n, *, seed):
        drawn.append(n)
        raise EnoughError

    built = []
    monkeypatch.setattr(spoken_digits, "utterances", draw)
    monkeypatch.setattr(spoken_digits, "untrained", lambda **options: built.append(options) or untrained(**options))
    for options in ({}, {"steps": 1}, {"batch": 1}):
        with pytest.raises(EnoughError):
            trained.__wrapped__(**options)
    assert drawn == [300 * 16, 16, 300]
    assert built[0]["reads"]


def test_what_is_held_out_and_what_networks_are_by_default():
    assert len(heldout().x) == 200
    network = untrained()
    assert network.reads
    assert (network.prediction.hidden_size, network.transcription.hidden_size) == (32, 32)


def test_the_search_is_four_wide(monkeypatch):
    widths = []
    monkeypatch.setattr(
        "reproductions.transducer.beam_search.beam_search", lambda *_, W: widths.append(W) or {(1,): 0.0}
    )
    x = utterances(1, seed=4).x[0, :3]
    assert transcribe(untrained(), x) == transcribe(untrained(), x, W=2) == (1,)
    assert widths == [4, 2]
