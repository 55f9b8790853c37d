"""Nothing in; numbers by name out: what the claims about three classifiers of sentences measure, over eight seeds."""

from __future__ import annotations

from reproductions.recurrent.classify import accuracies


def _mean(*, deep: bool, pretrained: bool, unseen: bool = True) -> float:
    found = accuracies(deep=deep, pretrained=pretrained, unseen=unseen)
    return sum(found) / len(found)


def gain_by_vectors() -> dict[str, float]:
    """Return the gain in accuracy by vectors made beforehand, on sentences with new adjectives, for each network."""
    return {
        name: _mean(deep=deep, pretrained=True) - _mean(deep=deep, pretrained=False)
        for name, deep in (("LSTM", False), ("2-layer bi-LSTM", True))
    }


def gain_by_depth() -> float:
    """Return the gain by a second layer and a second direction, on the same sentences, without vectors."""
    return _mean(deep=True, pretrained=False) - _mean(deep=False, pretrained=False)


def accuracy_with_vectors() -> dict[str, float]:
    """Return the accuracy on sentences with new adjectives, with vectors made beforehand, the mean over seeds."""
    return _accuracy(pretrained=True)


def accuracy_without_vectors() -> dict[str, float]:
    """Return the same without them."""
    return _accuracy(pretrained=False)


def _accuracy(*, pretrained: bool) -> dict[str, float]:
    return {
        name: _mean(deep=deep, pretrained=pretrained) for name, deep in (("LSTM", False), ("2-layer bi-LSTM", True))
    }
