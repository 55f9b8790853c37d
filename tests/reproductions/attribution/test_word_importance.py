import inspect
import re
import sys
from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from transformers import DistilBertForSequenceClassification

from reproductions.attribution import __main__ as command
from reproductions.attribution.layer_by_layer import layers_by_tokens, words_and_positions
from reproductions.attribution.marked_text import as_html, as_lines, as_page, signed
from reproductions.attribution.reading import read_text
from reproductions.attribution.to_tolerance import integrated_gradients_to_tolerance
from reproductions.attribution.word_importance import Word, WordImportance, tokens_of, word_importance
from reproductions.emotions.classifier import Classifier
from reproductions.emotions.saved_classifier import load_classifier, save_classifier
from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import untrained_classifier

TEXT = "I laughed, unexpectedly – and cried."


@pytest.fixture(scope="module")
def classifier():
    return untrained_classifier(training_sentences()[:60])


@pytest.fixture(scope="module")
def reading(classifier):
    return read_text(classifier, TEXT)


FOUND = WordImportance(
    "joy", 0.9, 2.0, 0.001, (Word("", "<Glad>", 2.0), Word(" ", "not", -1.0), Word(" ", "a", 0.001)), "!"
)


def test_words_are_those_of_the_text(reading):
    found = word_importance(reading)
    assert "".join(f"{word.before}{word.text}" for word in found.words) + found.after == TEXT
    assert [word.text for word in found.words] == ["I", "laughed", ",", "unexpectedly", "–", "and", "cried", "."]


def test_words_and_special_tokens_add_up(reading):
    found = word_importance(reading, tolerance=1e-3)
    assert abs(found.error) < 1e-2
    assert sum(word.importance for word in found.words) == pytest.approx(found.difference, rel=0.05)


def test_the_error_is_what_all_attributions_lack_of_the_difference_relative_to_it(reading):
    found = word_importance(reading, tolerance=0.5)
    x, x_prime = reading.embeddings(reading.ids), reading.embeddings(reading.baseline_ids)
    attributions, _ = integrated_gradients_to_tolerance(reading.logit_of_embeddings, x, x_prime, tolerance=0.5)
    difference = (reading.logit(reading.ids) - reading.logit(reading.baseline_ids)).item()
    assert found.difference == pytest.approx(difference, rel=1e-4)
    assert found.error == pytest.approx(attributions.sum().item() / found.difference - 1, rel=1e-3, abs=2e-5)


def test_a_word_that_the_vocabulary_does_not_have_is_a_word(classifier):
    reading = read_text(classifier, "I laughed 🎉.")
    assert "[UNK]" in reading.tokens
    assert reading.baseline_ids[0, 1:-1].tolist() == [classifier.tokenizer.pad_token_id] * (len(reading.tokens) - 2)
    assert next(word.importance for word in word_importance(reading).words if word.text == "🎉")


def test_where_nothing_differs_there_is_no_error(classifier):
    reading = read_text(classifier, "I laughed.")
    nothing = replace(reading, ids=reading.baseline_ids)
    found = word_importance(nothing)
    assert (found.difference, found.error) == (0, 0)


def test_what_the_classifier_does_not_read_is_named(classifier):
    text = "I laughed and cried. " * 20
    reading = read_text(classifier, text)
    assert reading.cut
    assert not read_text(classifier, "I laughed and cried. " * 2).cut
    found = word_importance(reading, tolerance=0.5)
    assert found.after.strip()
    assert "".join(f"{word.before}{word.text}" for word in found.words) + found.after == text
    said = f"only the first {len(found.words)} words and marks were read"
    assert as_lines(found)[4].startswith(said)
    assert said.capitalize() in as_html(found)
    assert f"<small>{found.after}</small>" in as_html(found)
    assert "were read" not in " ".join([*as_lines(FOUND), as_html(FOUND)])


def test_numbers_stand_below_each_other_beside_ideographs():
    found = WordImportance("joy", 0.9, 2.0, 0.0, (Word("", "喜び", 2.0), Word(" ", "ab", 1.0)), "")
    assert [line[: line.index("+")] for line in as_lines(found)[-2:]] == ["  喜び   ", "  ab     "]


def test_the_tokens_of_a_word_are_its_pieces(reading):
    pieces = [reading.tokens[place] for place in tokens_of(reading, "Unexpectedly")]
    assert "".join(piece.removeprefix("##") for piece in pieces) == "unexpectedly"
    with pytest.raises(ValueError, match="no word 'expected'"):
        tokens_of(reading, "expected")


def test_sign_and_size_are_in_the_line_without_colour():
    lines = as_lines(FOUND)
    assert lines[0] == "<Glad>⁺⁺⁺ not⁻⁻ a!"
    assert "\x1b" not in "".join(lines)
    assert lines[-3].endswith("+2.00  ████████████████████████")
    assert lines[-2].endswith("−1.00  ░░░░░░░░░░░░")
    assert lines[-1].endswith("0.00")


def test_a_small_importance_has_a_side_and_a_share_of_the_longest_bar():
    found = WordImportance("joy", 0.9, 0.4, 0.0, (Word("", "a", 0.4), Word(" ", "b", -0.13), Word(" ", "c", 0.05)), "")
    assert [line.split()[-1] for line in as_lines(found)[-3:]] == ["█" * 24, "░" * 8, "█" * 3]
    assert as_lines(found)[0] == "a⁺⁺⁺ b⁻ c⁺"
    assert re.findall(r'class="(for|against)"', as_html(found)) == ["for", "against", "for"]


def test_where_no_word_says_anything_nothing_is_marked():
    found = WordImportance("joy", 0.5, 0.0, 0.0, (Word("", "a", 0.0), Word(" ", "b", 0.0)), "")
    lines = as_lines(found, coloured=True)
    assert lines[0] == "a b"
    assert not {"█", "░"} & set("".join(lines))
    assert re.findall(r"--size:([\d.]+)\"", as_html(found)) == ["0.00", "0.00"]


def test_colours_come_where_asked_for():
    assert "\x1b[1;34m<Glad>⁺⁺⁺\x1b[0m" in as_lines(FOUND, coloured=True)[0]


def test_html_says_sign_and_size_without_colour_and_runs_nothing():
    html = as_html(FOUND)
    assert "&lt;Glad&gt;" in html
    assert "<Glad>" not in html
    assert re.findall(r'class="(for|against)"', html) == ["for", "against", "for"]
    assert re.findall(r"--size:([\d.]+)\"", html) == ["1.00", "0.50", "0.00"]
    assert "<rt>−1.00</rt>" in html
    assert "joy: probability 0.90, logit +2.00 over that of no words. A solid bar" in html
    assert not re.search(r"<script|https?:|src=|href=", as_page(FOUND))


def test_numbers_are_written_with_their_sign():
    assert [signed(number) for number in (1.234, -0.5, -0.001)] == ["+1.23", "−0.50", "0.00"]


def test_all_of_them_let_be_an_error_of_a_hundredth():
    methods = (word_importance, layers_by_tokens, words_and_positions)
    assert {inspect.signature(one).parameters["tolerance"].default for one in methods} == {0.01}


def test_layers_by_tokens_has_the_shape_of_all_states_and_is_complete(reading):
    attributions = layers_by_tokens(reading)
    assert attributions.shape == (6, len(reading.tokens), 64)
    difference = (reading.logit(reading.ids) - reading.logit(reading.baseline_ids)).item()
    for layer in attributions.sum(dim=(1, 2)).tolist():
        assert layer == pytest.approx(difference, rel=0.1, abs=1e-3)


def test_words_and_positions_have_a_row_for_each_token_and_are_complete_together(reading):
    words, positions = words_and_positions(reading, tolerance=1e-3)
    assert words.shape == positions.shape == (len(reading.tokens), 64)
    assert positions.abs().sum() > 0

    def logit(ids, positions_of):
        layer = reading.classifier.model.distilbert.embeddings.position_embeddings
        handle = layer.register_forward_hook(lambda _module, _args, value: positions_of(value))
        try:
            return reading.logit_of_embeddings(reading.embeddings(ids)).item()
        finally:
            handle.remove()

    with torch.no_grad():
        end = logit(reading.ids, lambda value: value)
        start = logit(reading.baseline_ids, lambda value: value.mean(dim=1, keepdim=True).expand_as(value))
    assert (words.sum() + positions.sum()).item() == pytest.approx(end - start, rel=1e-2, abs=1e-3)


# The command


def run(capsys, *arguments):
    code = command.main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_weighs_the_words_for_any_saved_classifier(classifier, tmp_path, capsys):
    save_classifier(classifier, tmp_path / "model")
    page = tmp_path / "page.html"
    code, out, err = run(capsys, TEXT, "--model", str(tmp_path / "model"), "--label", "fear", "--html", str(page))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].replace("⁺", "").replace("⁻", "") == TEXT
    assert "fear: probability" in out
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["A text.", "--model", "/no/such/folder"], "no classifier at '/no/such/folder'"),
        (["A text.", "--label", "bliss"], "no label 'bliss'; hint: sadness"),
        ([""], "no word"),
        (["A text.", "--tolerance", "0"], "hint: 1e-3"),
        (["A text.", "--html", "/no/such/folder/page.html"], "No such file"),
    ],
)
def test_a_mistake_is_one_line(classifier, monkeypatch, capsys, arguments, said):
    monkeypatch.setattr(command, "emotion_classifier", lambda: classifier)
    monkeypatch.setattr(command, "is_kept", lambda: True)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert said in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_only_a_terminal_that_wants_colours_gets_them(classifier, monkeypatch, capsys):
    monkeypatch.setattr(command, "emotion_classifier", lambda: classifier)
    seen = {}
    for terminal, unwanted in ((True, False), (True, True), (False, False)):
        monkeypatch.setattr(sys.stdout, "isatty", lambda terminal=terminal: terminal)
        monkeypatch.delenv("NO_COLOR", raising=False)
        if unwanted:
            monkeypatch.setenv("NO_COLOR", "")
        seen[terminal, unwanted] = "\x1b[" in run(capsys, "A text.", "--tolerance", "0.5")[1]
    assert seen == {(True, False): True, (True, True): False, (False, False): False}


def test_who_waits_for_the_training_is_told(classifier, monkeypatch, capsys):
    monkeypatch.setattr(command, "emotion_classifier", lambda: classifier)
    said = {}
    for kept in (True, False):
        monkeypatch.setattr(command, "is_kept", lambda kept=kept: kept)
        said[kept] = run(capsys, "A text.", "--tolerance", "0.5")[2]
    assert said[True] == ""
    assert said[False].startswith("training the classifier of six emotions, once")


def test_the_help_says_which_error_is_let_be(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    default = inspect.signature(word_importance).parameters["tolerance"].default
    assert f"(default: {default})" in capsys.readouterr().out
    assert default == 0.01


# What a model says that is not one label of several


@pytest.fixture
def saved_as(classifier, tmp_path):
    """Save a classifier, with random weights, whose configuration says what its outputs are."""

    def save(problem, labels):
        config = deepcopy(classifier.model.config)
        config.id2label, config.label2id = dict(enumerate(labels)), {label: at for at, label in enumerate(labels)}
        config.problem_type = problem
        torch.manual_seed(0)
        model = DistilBertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight *= 20  # or every probability would be one half
        save_classifier(Classifier(model.eval(), classifier.tokenizer), tmp_path / "saved")
        return tmp_path / "saved"

    return save


def test_each_label_of_several_is_read_for_itself(saved_as, capsys):
    folder = saved_as("multi_label_classification", ["rude", "loud", "kind"])
    model = load_classifier(folder)
    with torch.no_grad():
        logits = model.logits(*model.encode([TEXT]))[0]
    best = int(logits.argmax())
    alone, shared = logits.sigmoid()[best].item(), logits.softmax(dim=0)[best].item()
    assert f"{alone:.2f}" != f"{shared:.2f}"
    code, out, err = run(capsys, TEXT, "--model", str(folder))
    assert (code, err) == (0, "")
    assert f"{model.labels[best]}: probability {alone:.2f}, each label for itself, logit " in out
    assert (
        f"loud: probability {logits[1].sigmoid().item():.2f}, each"
        in run(capsys, TEXT, "--model", str(folder), "--label", "loud")[1]
    )


def test_what_a_token_is_worth_is_measured_on_the_labels_own_probability(saved_as):
    model = load_classifier(saved_as("multi_label_classification", ["rude", "loud", "kind"]))
    reading = read_text(model, TEXT, label="kind")
    x = reading.embeddings(reading.ids)
    alone = reading.logit(reading.ids).sigmoid()
    everything = torch.ones(1, int((~reading.special).sum()), dtype=torch.bool)
    for score in (reading.score(reading.ids), reading.score_of_embeddings(x), reading.presence()(everything)):
        torch.testing.assert_close(score, alone)


@pytest.mark.parametrize("problem", ["regression", None])
def test_a_single_output_is_a_number(saved_as, capsys, problem):
    folder = saved_as(problem, ["stars"])
    model = load_classifier(folder)
    with torch.no_grad():
        number = model.logits(*model.encode([TEXT])).item()
    code, out, err = run(capsys, TEXT, "--model", str(folder), "--html", str(folder / "page.html"))
    assert (code, err) == (0, "")
    found = word_importance(read_text(model, TEXT))
    assert found.score == pytest.approx(number)
    assert f"stars: {signed(number)}, {signed(found.difference)} over that of no words" in out
    assert "probability" not in out + (folder / "page.html").read_text("utf-8")


def test_of_several_numbers_one_has_to_be_named(saved_as, capsys):
    folder = str(saved_as("regression", ["joy", "pace"]))
    code, out, err = run(capsys, TEXT, "--model", folder)
    assert (code, out) == (1, "")
    assert err == "error: the model gives several numbers; hint: ask for one of joy, pace\n"
    assert run(capsys, TEXT, "--model", folder, "--label", "pace")[1].splitlines()[2].startswith("pace: ")


def test_who_interrupts_sees_no_traceback(monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "load_classifier", interrupted)
    assert run(capsys, "A text.", "--model", "someone/slow") == (130, "", "interrupted\n")
