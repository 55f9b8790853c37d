import re
import shutil
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from huggingface_hub import constants
from transformers import DistilBertForMaskedLM

from reproductions.emotions.saved_classifier import load_classifier, save_classifier
from reproductions.emotions.sentences import EMOTIONS, Sentence
from reproductions.emotions.training import untrained_classifier

SENTENCES = [Sentence("I am glad that you came.", 1), Sentence("He cried all night.", 0)]


def test_what_was_saved_is_read_again(tmp_path):
    saved = untrained_classifier(SENTENCES)
    save_classifier(saved, tmp_path)
    read = load_classifier(tmp_path)
    assert read.labels == list(EMOTIONS)
    texts = [one.text for one in SENTENCES]
    torch.testing.assert_close(read.probabilities(texts), saved.probabilities(texts), rtol=0, atol=0)


def test_a_folder_without_a_classifier_is_refused_in_one_line(tmp_path):
    with pytest.raises(ValueError, match="no classifier at") as caught:
        load_classifier(tmp_path)
    assert "\n" not in str(caught.value)
    assert re.match(rf"no classifier at '{re.escape(str(tmp_path))}': \w.+ hint: ", str(caught.value))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    save_classifier(untrained_classifier(SENTENCES), folder)
    return folder


def without_a_head(folder):
    DistilBertForMaskedLM(untrained_classifier(SENTENCES).model.config).save_pretrained(folder)


def without_a_tokenizer(folder):
    for path in folder.glob("*token*"):
        path.unlink()


BROKEN = {
    "a head": (without_a_head, "classifier.bias and 3 other weights are not there; hint"),
    "a tokenizer": (without_a_tokenizer, "its tokenizer is not there"),
    "readable weights": (lambda folder: (folder / "model.safetensors").write_bytes(b"nothing"), "header"),
    "a readable configuration": (lambda folder: (folder / "config.json").write_text("{"), "not a valid JSON"),
    "a folder": (shutil.rmtree, "there is no such folder"),
}


@pytest.mark.parametrize(("break_it", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_classifier_is_refused_in_one_line(saved, tmp_path, capfd, break_it, said):
    folder = shutil.copytree(saved, tmp_path / "broken")
    break_it(folder)
    capfd.readouterr()
    with pytest.raises(ValueError, match=said) as caught:
        load_classifier(folder)
    assert "\n" not in str(caught.value)
    assert "; hint: give a folder that `save_pretrained` wrote" in str(caught.value)
    assert capfd.readouterr() == ("", ""), "no report beside the line"


# By its name on the Hub


@pytest.fixture
def hub(saved, tmp_path, monkeypatch):
    """Serve the saved classifier as `someone/emotions`, as the Hub does, to a client with an empty cache."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            path = saved / self.path.rpartition("/")[2]
            of_ours = self.path.startswith("/someone/emotions/resolve/")
            found = of_ours and path.is_file()
            self.send_response(200 if found else 404)
            self.send_header("X-Repo-Commit", "0" * 40)
            if found:
                self.send_header("ETag", f'"{path.name}"')
                self.send_header("Content-Length", str(path.stat().st_size))
            else:
                self.send_header(
                    "X-Error-Code", "EntryNotFound" if "/someone/emotions/" in self.path else "RepoNotFound"
                )
                self.send_header("Content-Length", "0")
            self.end_headers()
            return path if found else None

        def do_GET(self):
            if path := self.do_HEAD():
                self.wfile.write(path.read_bytes())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(constants, "ENDPOINT", there := f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", there + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    yield server
    server.shutdown()
    server.server_close()


def closed(server):
    server.shutdown()
    server.server_close()


def test_what_the_hub_has_is_fetched_and_read_again_when_the_hub_is_silent(hub, saved, monkeypatch):
    fetched = load_classifier("someone/emotions")
    texts = [one.text for one in SENTENCES]
    torch.testing.assert_close(fetched.probabilities(texts), load_classifier(saved).probabilities(texts))
    closed(hub)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail(f"waited for {seconds} s"))
    again = load_classifier("someone/emotions")
    torch.testing.assert_close(again.probabilities(texts), fetched.probabilities(texts))


def test_a_name_that_is_not_here_while_the_hub_is_silent_is_refused_at_once(hub, monkeypatch, capfd):
    closed(hub)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail(f"waited for {seconds} s"))
    capfd.readouterr()
    with pytest.raises(ValueError, match="the Hub does not answer") as caught:
        load_classifier("someone/emotions")
    assert "was not fetched before; hint: give a folder" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", ""), "no report beside the line"


def test_a_name_that_the_hub_does_not_know_is_refused_in_one_line(hub):
    with pytest.raises(ValueError, match=r"no classifier at 'someone/else': .*not a valid model identifier") as caught:
        load_classifier("someone/else")
    assert "\n" not in str(caught.value)


def test_who_forbids_to_ask_is_not_told_of_a_silence(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ValueError, match="HF_HUB_OFFLINE forbids to ask the Hub, and it was not fetched before"):
        load_classifier("someone/emotions")
