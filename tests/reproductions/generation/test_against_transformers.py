"""Token for token what `generate` of transformers gives, on small GPT-2s with random weights, and from a folder."""

from __future__ import annotations

import pytest
import torch

from reproductions.generation.beam_search import beam_search
from reproductions.generation.decoding import continued, likeliest, sampled
from reproductions.generation.small_gpt2 import END, LanguageModel, from_pretrained, small_gpt2, tokenizer_of
from reproductions.generation.truncation import nucleus, repetition_penalty, temperature, top_k

LENGTH = 12


@pytest.fixture(scope="module")
def gpt2():
    model = small_gpt2(vocabulary=60, seed=3, width=32)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if name.endswith("weight") and weights.dim() == 2:
                weights.mul_(4)  # random weights of the usual size are nearly sure of nothing
    return model


@pytest.fixture(scope="module")
def prompts():
    return torch.randint(1, 60, (5, 6), generator=torch.Generator().manual_seed(1))


def generated(model, prompts, *, end=None, **options):
    # eos_token_id: the library takes none as the configuration's own
    return model.generate(
        prompts,
        attention_mask=torch.ones_like(prompts),
        max_new_tokens=LENGTH,
        eos_token_id=59 if end is None else end,
        pad_token_id=59 if end is None else end,
        **options,
    )


def logits(model):
    def of(ids):
        return model(ids, use_cache=False).logits.index_fill(2, torch.tensor([59]), -1e9)

    return of


@pytest.fixture(autouse=True)
def _never_59(gpt2, monkeypatch):
    """Token 59 is never said, so that a text has no end but its length where none is asked for."""
    forward = gpt2.forward

    def without(*args, **options):
        found = forward(*args, **options)
        found.logits = found.logits.index_fill(2, torch.tensor([59]), -1e9)
        return found

    monkeypatch.setattr(gpt2, "forward", without)


def test_greedy(gpt2, prompts):
    theirs = generated(gpt2, prompts, do_sample=False)
    ours = continued(logits(gpt2), prompts, length=LENGTH, choose=likeliest)
    assert ours.shape == (5, 6 + LENGTH)
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize("end", range(4))
def test_greedy_to_the_end_of_each_text(gpt2, prompts, end):
    theirs = generated(gpt2, prompts, do_sample=False, end=end)
    assert torch.equal(continued(logits(gpt2), prompts, length=LENGTH, choose=likeliest, end=end), theirs)


@pytest.mark.parametrize("theta", [1.0, 1.3, 3.0])
def test_greedy_with_a_penalty(gpt2, prompts, theta):
    theirs = generated(gpt2, prompts, do_sample=False, repetition_penalty=theta)
    ours = continued(
        logits(gpt2),
        prompts,
        length=LENGTH,
        choose=likeliest,
        change=lambda u, said: repetition_penalty(u, said, theta=theta),
    )
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({"top_k": 0}, lambda u, _: u),
        ({"top_k": 0, "temperature": 0.5}, lambda u, _: temperature(u, t=0.5)),
        ({"top_k": 5}, lambda u, _: top_k(u, k=5)),
        ({"top_k": 0, "top_p": 0.9}, lambda u, _: nucleus(u, p=0.9)),
        ({"top_k": 0, "top_p": 0.3}, lambda u, _: nucleus(u, p=0.3)),
        (
            {"top_k": 20, "top_p": 0.8, "temperature": 1.7, "repetition_penalty": 1.2},
            lambda u, said: nucleus(top_k(temperature(repetition_penalty(u, said, theta=1.2), t=1.7), k=20), p=0.8),
        ),
    ],
    ids=["pure", "temperature", "top-k", "nucleus 0.9", "nucleus 0.3", "all of them"],
)
def test_sampling_with_the_same_seed(gpt2, prompts, options, change):
    with torch.random.fork_rng():
        torch.manual_seed(11)
        theirs = generated(gpt2, prompts, do_sample=True, **options)
    choose = sampled(torch.Generator().manual_seed(11))
    assert torch.equal(continued(logits(gpt2), prompts, length=LENGTH, choose=choose, change=change), theirs)


@pytest.mark.parametrize("length_penalty", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("beams", [2, 5])
@pytest.mark.parametrize("end", [None, 3, 20])
def test_beam_search(gpt2, prompts, end, beams, length_penalty):
    for prompt in prompts[:2]:
        theirs = generated(
            gpt2,
            prompt[None],
            do_sample=False,
            num_beams=beams,
            num_return_sequences=beams,
            length_penalty=length_penalty,
            end=end,
        )
        ours = beam_search(logits(gpt2), prompt, beams=beams, length=LENGTH, end=end, length_penalty=length_penalty)
        for hypothesis, other in zip(ours, theirs, strict=True):
            text = hypothesis.text
            assert torch.equal(text, other[: len(text)])
            assert (other[len(text) :] == (59 if end is None else end)).all()


def test_hypotheses_are_ranked_by_the_mean_of_their_logarithms(gpt2, prompts):
    ours = beam_search(logits(gpt2), prompts[0], beams=3, length=LENGTH, end=3)
    theirs = beam_search(logits(gpt2), prompts[0], beams=3, length=LENGTH, end=3, length_penalty=1.0)
    assert [one.score for one in ours] == [one.score for one in theirs]


def test_a_checkpoint_from_a_folder(tmp_path):
    tokenizer = tokenizer_of(["to travel is my dream", "my dream is to travel"], vocabulary=280)
    saved = LanguageModel(small_gpt2(vocabulary=len(tokenizer), width=32), tokenizer)
    saved.model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    loaded = from_pretrained(tmp_path)
    prompt = torch.tensor([loaded.tokenizer.encode("My dream is", add_special_tokens=False)])
    assert prompt.tolist() == [tokenizer.encode("My dream is")]
    assert torch.equal(
        continued(loaded, prompt, length=8, choose=likeliest), continued(saved, prompt, length=8, choose=likeliest)
    )
    assert END in loaded.tokenizer.get_vocab()
