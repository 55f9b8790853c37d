from importlib.metadata import version
from pathlib import Path

import pytest

from reproductions.emotions import kept
from reproductions.emotions.sentences import held_out_sentences, training_sentences
from reproductions.emotions.training import accuracy, untrained_classifier


@pytest.fixture
def trained(monkeypatch):
    """Count the trainings, and let each take no time."""
    trainings = []

    def train():
        trainings.append(1)
        return untrained_classifier(training_sentences()[:2])

    monkeypatch.setattr(kept, "trained_here", train)
    return trainings


def test_it_is_trained_once(trained, tmp_path):
    kept.kept_in(tmp_path)
    read = kept.kept_in(tmp_path)
    assert len(trained) == 1
    assert not any(weights.requires_grad for weights in read.model.parameters())


def test_one_can_ask_whether_it_has_to_be_trained(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "cache_folder", lambda name: tmp_path / name)
    assert not kept.is_kept()
    kept.kept_in(tmp_path / "emotions")
    assert kept.is_kept()


def test_each_fingerprint_has_its_own_in_a_folder_that_is_made(trained, tmp_path, monkeypatch):
    folder = tmp_path / "not" / "there yet"
    kept.kept_in(folder)
    other = kept.fingerprint()
    monkeypatch.setattr(kept, "fingerprint", lambda: f"{other}2")
    kept.kept_in(folder)
    assert {path.name for path in folder.iterdir()} == {other, f"{other}2", "training.lock"}


def test_it_is_trained_anew_when_a_sentence_changes(trained, tmp_path, monkeypatch):
    kept.kept_in(tmp_path / "cache")
    changed = tmp_path / "training.txt"
    changed.write_text(kept.sentences.TRAINING.read_text("utf-8") + "One more.\n")
    monkeypatch.setattr(kept.sentences, "TRAINING", changed)
    kept.kept_in(tmp_path / "cache")
    assert len(trained) == 2


def test_it_is_trained_anew_when_the_code_or_a_package_that_computes_changes(tmp_path, monkeypatch):
    before = kept.fingerprint()
    for module in kept.MADE_FROM:
        changed = tmp_path / "changed.py"
        changed.write_text(Path(module.__file__).read_text("utf-8") + "# changed\n")
        with monkeypatch.context() as patch:
            patch.setattr(module, "__file__", str(changed))
            assert kept.fingerprint() != before
    for package in ("torch", "transformers", "tokenizers"):
        monkeypatch.setattr(kept, "version", lambda name, package=package: "0" if name == package else version(name))
        assert kept.fingerprint() != before
    monkeypatch.undo()
    assert kept.fingerprint() == before


def test_an_interrupted_training_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(classifier, folder):
        (folder / "half").write_text("")
        raise KeyboardInterrupt

    monkeypatch.setattr(kept, "trained_here", lambda: untrained_classifier(training_sentences()[:2]))
    monkeypatch.setattr(kept, "save_classifier", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept.kept_in(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["training.lock"]


def test_the_trained_one_knows_its_training_sentences():
    assert accuracy(kept.emotion_classifier(), training_sentences()) > 0.98
    assert accuracy(kept.emotion_classifier(), held_out_sentences()) > 0.75


def test_a_fingerprint_is_sixteen_digits_of_a_hash():
    assert len(kept.fingerprint()) == 16
    assert int(kept.fingerprint(), 16) >= 0
