import pytest
import torch

from reproductions.attribution.reading import Reading, read_text
from reproductions.attribution.text_baselines import text_baselines
from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import untrained_classifier


@pytest.fixture(scope="module")
def reading():
    return read_text(untrained_classifier(training_sentences()[:60]), "I laughed and cried.")


def test_every_baseline_has_the_shape_of_the_embeddings(reading):
    starts = text_baselines(reading)
    assert list(starts) == ["padding token", "zero", "mean embedding", "random", "blurred"]
    assert {start.shape for start in starts.values()} == {reading.embeddings(reading.ids).shape}
    assert len(torch.cat(list(starts.values())).flatten(1).unique(dim=0)) == 5


def test_only_padding_leaves_the_special_tokens_as_they_are(reading):
    own = reading.embeddings(reading.ids)[0, reading.special]
    kept = [name for name, start in text_baselines(reading).items() if torch.equal(start[0, reading.special], own)]
    assert kept == ["padding token"]


def test_in_the_blur_a_word_keeps_a_fifth_of_itself(reading, monkeypatch):
    x = torch.zeros_like(reading.embeddings(reading.ids))
    x[0, 3] = 1
    monkeypatch.setattr(Reading, "embeddings", lambda _reading, _ids: x)
    assert text_baselines(reading)["blurred"][0, 3, 0].item() == pytest.approx(0.2, abs=0.01)
