import pytest
import torch

from reproductions.attribution.comparison import POINTS, _at_points, _mean, _remembered


def test_means_are_over_sentences():
    ramp = torch.linspace(0, 1, POINTS)
    found = _mean([(ramp, 1 - ramp, [1.0, 2.0, 3.0, 4.0]), (3 * ramp, 1 + ramp, [3.0, 2.0, 1.0, 0.0])])
    torch.testing.assert_close(found.deleted, 2 * ramp)
    torch.testing.assert_close(found.inserted, torch.ones(POINTS))
    assert (found.deletion, found.insertion, found.infidelity, found.sensitivity) == (2, 2, 2, 2)


@pytest.mark.parametrize("tokens", [2, 7, 40])
def test_curves_of_any_length_have_as_many_points_and_their_ends(tokens):
    torch.testing.assert_close(_at_points(torch.linspace(2, 5, tokens)), torch.linspace(2, 5, POINTS))


def test_the_model_is_asked_once_about_the_same_subsets():
    asked = []

    def output(present):
        asked.append(present)
        return present.sum(dim=1)

    remembered = _remembered(output)
    one, other = torch.tensor([[True, False]]), torch.tensor([[True, True]])
    assert [remembered(present).item() for present in (one, other, one)] == [1, 2, 1]
    assert len(asked) == 2
