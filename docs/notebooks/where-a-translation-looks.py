# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Where a translation looks
#
# [Bahdanau, Cho and Bengio](../../papers/bahdanau2014neural/) let a decoder look at the source anew for each word that it
# writes, and drew where it looked. Their Figure 3 has adjectives that cross over with their nouns, and articles that look
# at the noun, since it decides between *le* and *la*. Here the same is trained in seconds on sentences made by rule, small
# enough to be asked what the picture means. Each cell asserts what it says; this page is built only if all of it holds.
#
# ## A language with one difficulty
#
# *the green house hides the big car* is *la maison verte cache la grande voiture*, except that all adjectives here stand
# behind their nouns. English says nothing of gender: the article, which comes first, depends on a word that comes third.

# %%
from itertools import product

import matplotlib.pyplot as plt
import torch

from reproductions.attention.alignment import alignment_weights, context
from reproductions.seq2seq.encoder_decoder import exact, free_running
from reproductions.seq2seq.rnn_search import RNNsearch
from reproductions.seq2seq.training import train
from reproductions.shown import shown
from reproductions.transformer.copying import END, START, Pairs

torch.set_num_threads(1)

FEMININE = {"car": "voiture", "house": "maison", "street": "rue", "town": "ville"}
MASCULINE = {"dog": "chien", "hat": "chapeau", "garden": "jardin", "book": "livre"}
ADJECTIVES = {"green": ("vert", "verte"), "big": ("grand", "grande"), "black": ("noir", "noire"), "heavy": ("lourd", "lourde")}
VERBS = {"hides": "cache", "shows": "montre", "wants": "veut"}


def phrase(adjective, noun):
    feminine = noun in FEMININE
    return ["la" if feminine else "le", (FEMININE | MASCULINE)[noun], ADJECTIVES[adjective][feminine]]


nouns = [*FEMININE, *MASCULINE]
sentences = [
    (["the", a, n, verb, "the", b, m], [*phrase(a, n), VERBS[verb], *phrase(b, m)])
    for a, n, verb, b, m in product(ADJECTIVES, nouns, VERBS, ADJECTIVES, nouns)
]
english = sorted({word for source, _ in sentences for word in source})
french = sorted({word for _, target in sentences for word in target})
first = END + 1  # 0 is padding, 1 stands before the first word, 2 behind the last


def coded(words, vocabulary):
    return torch.tensor([*(first + vocabulary.index(word) for word in words), END])


order = torch.randperm(len(sentences), generator=torch.Generator().manual_seed(0))
source = torch.stack([coded(s, english) for s, _ in sentences])[order]
target = torch.stack([coded(t, french) for _, t in sentences])[order]
unseen = Pairs(source[:300], target[:300])
print(f"{len(sentences)} sentences of {len(english)} English and {len(french)} French words, 300 of them held out")

# %% [markdown]
# ## Trained on pairs, and nothing else
#
# The model is `reproductions.seq2seq.rnn_search`, with Equations 4 to 6 of the paper:
#
# $$c_i = \sum_j \alpha_{ij} h_j, \qquad \alpha_i = \mathrm{softmax}(e_i), \qquad e_{ij} = v_a^\top \tanh(W_a s_{i-1} + U_a h_j)$$
#
# The loss is the likelihood of the translation. Nobody says which word belongs to which.

# %%
torch.manual_seed(0)
model = RNNsearch(first + max(len(english), len(french)), m=16, n=32)
with torch.no_grad():
    before = model.alignment(*unseen).mean(dim=0)  # (8, 8): target words, source words

train(model, Pairs(source[300:2100], target[300:2100]), batch=24, rate=1e-2)
right = exact(model, *unseen)
print(f"held-out sentences without a mistake: {right:.0%}")
assert right > 0.95

# %% [markdown]
# **In the figure:** a row for each word that is written, a column for each word of the source; the fuller the colour, the
# larger the weight. Left before training, right after it, for one held-out sentence.


# %%
place = next(i for i, o in enumerate(order[:300].tolist()) if sentences[o][1][0] == "la" and sentences[o][1][4] == "le")
said, written = sentences[order[place]]
one = Pairs(source[place : place + 1], target[place : place + 1])
with torch.no_grad():
    alpha = model.alignment(*one)[0]

fig, axes = plt.subplots(1, 2, figsize=(9, 4.2), sharey=True)
for axis, weights, title in zip(axes, (before, alpha), ("before training, all held-out sentences", "after it, one sentence")):
    image = axis.pcolormesh(weights[:7], cmap="Blues", vmin=0, vmax=1, edgecolors="face")
    for i, j in product(range(7), range(8)):
        if weights[i, j] >= 0.05:
            color = "white" if weights[i, j] > 0.5 else "black"
            axis.text(j + 0.5, i + 0.5, f"{weights[i, j]:.2f}", ha="center", va="center", fontsize=8, color=color)
    axis.set_xticks([j + 0.5 for j in range(8)], [*said, "(end)"], rotation=45)
    axis.set_title(title)
axes[0].set_yticks([i + 0.5 for i in range(7)], written)
axes[0].invert_yaxis()
most = [said[j] if j < 7 else "(end)" for j in alpha[:7].argmax(dim=1).tolist()]
looks = ", ".join(f"{word} at {seen}" for word, seen in zip(written, most))
shown(fig, f"Two heatmaps of seven French by eight English words. Before training no weight stands out. After it: {looks}.")

# %% [markdown]
# ## What it found
#
# The alignment crosses over where the word order does. And the article does not look at *the*, but at the noun.

# %%
with torch.no_grad():
    looked = model.alignment(*unseen)[:, :7].argmax(dim=2)
roles = ["article", "noun", "adjective", "verb", "article", "noun", "adjective"]
expected = torch.tensor([2, 2, 1, 3, 6, 6, 5])  # the article at its noun
for i, role in enumerate(roles):
    share = (looked[:, i] == expected[i]).double().mean()
    print(f"{i + 1}. {role:9} looks most at word {expected[i] + 1} of the source in {share:.0%} of the sentences")
    assert share > 0.8

# %% [markdown]
# Is that more than a picture? Exchange the noun for one of the other gender, and nothing else: the article has to change.


# %%
def translated(words):
    with torch.no_grad():
        tokens = free_running(model, coded(words, english)[None], length=8).argmax(dim=2)[0].tolist()
    return [french[token - first] for token in tokens[: tokens.index(END)]]


for noun in ("house", "dog"):
    print(f"the green {noun} hides the big book  →  {' '.join(translated(['the', 'green', noun, 'hides', 'the', 'big', 'book']))}")
assert translated(["the", "green", "house", "hides", "the", "big", "book"])[0] == "la"
assert translated(["the", "green", "dog", "hides", "the", "big", "book"])[0] == "le"

# %% [markdown]
# ## What it does not say
#
# The adjective, too, depends on the noun: *vert* or *verte*. Yet it looks at the English adjective. Where does it know
# the gender from? Take away the choice, and let it see that one annotation $h_j$ and nothing else of the source.

# %%
agreed = []
for tokens, words in zip(unseen.source[:100], unseen.target[:100]):
    with torch.no_grad():
        state, previous = model.begin(tokens[None]), torch.tensor([START])
        for i in range(2):  # the article and the noun
            state, _ = model.step(state, previous)
            previous = words[i : i + 1]
        s, h, U_a_h, mask = state
        only_the_adjective = torch.nn.functional.one_hot(torch.tensor([1]), 8).bool()
        alone = context(alignment_weights(torch.zeros(1, 8), mask=only_the_adjective), h)
        in_its_place = torch.zeros_like(alone)
        Ey = model.decoder.E(previous)
        agreed.append([(model.decoder.logits(s, Ey, c).argmax() == words[2]).item() for c in (alone, in_its_place)])

alone, nothing = torch.tensor(agreed).double().mean(dim=0).tolist()
print(f"adjectives right, gender and all: {alone:.0%} from the one annotation, {nothing:.0%} from none")
assert alone > 0.8 > nothing

# %% [markdown]
# So it needs no second look. Two things tell it the gender: the state $s_{i-1}$, which has just written *la* and a noun, and
# the annotation itself, which a network that reads in both directions has made: **$h_j$ is not word $j$**. A dark cell says
# *where* was looked and not *what* was seen there.
#
# And not every row means something. When all is said, the end still has to look somewhere:

# %%
with torch.no_grad():
    at_the_end = model.alignment(*unseen)[:, 7]
entropy = -(at_the_end * at_the_end.clamp(min=1e-9).log2()).sum(dim=1).mean()
of_words = model.alignment(*unseen)[:, :7].detach()
entropy_of_words = -(of_words * of_words.clamp(min=1e-9).log2()).sum(dim=2).mean()
print(f"bits of indecision: {entropy:.2f} at the end symbol, {entropy_of_words:.2f} at the words before it")
assert entropy > entropy_of_words

# %% [markdown]
# ## Why it can be learnt
#
# The weights come from a softmax, so that the gradient of the loss goes through them. For one context,
#
# $$\frac{\partial c_i}{\partial e_{ij}} = \alpha_{ij} (h_j - c_i):$$
#
# a score rises where its annotation would have been better than the mean of all. Autograd agrees:

# %%
e, h = torch.randn(1, 5, dtype=torch.float64, requires_grad=True), torch.randn(1, 5, 3, dtype=torch.float64)
alpha = alignment_weights(e)
c = context(alpha, h)
by_autograd = torch.stack([torch.autograd.grad(unit, e, retain_graph=True)[0][0] for unit in c[0]], dim=1)  # (5, 3)
by_formula = (alpha[0, :, None] * (h[0] - c)).detach()
print("largest difference:", (by_autograd - by_formula).abs().max().item())
assert torch.allclose(by_autograd, by_formula, atol=1e-12)
