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
# # Reading a heatmap
#
# An attribution of a sentence is often shown as a heatmap: tokens across, layers upwards, a colour in each cell. It is
# easy to read more out of it than went in. So we train a network that is small enough to be asked about everything,
# draw its heatmap, and check what the picture says and what it does not. Each cell asserts what it says; this page is
# built only if all of it holds.
#
# ## A network that knows “not”
#
# Sentences of a made-up café, in which praise and blame can be negated. The network embeds six tokens and passes them
# through two blocks, in each of which every token looks at all others and is then changed on its own; $F$ is a weighted
# sum of the average token:
#
# $$h = x + \mathrm{softmax}\left(\frac{x W_Q (x W_K)^\top}{\sqrt{d}}\right) x W_V \qquad
# \mathrm{block}(x) = h + \tanh(h W_1) W_2$$
#
# $F$ is above zero for praise and below it for blame.

# %%
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import torch

from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients
from reproductions.shown import shown

torch.manual_seed(0)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

GOOD, BAD = ("good", "fresh", "lovely"), ("bad", "stale", "awful")
sentences = [
    ["the", noun, verb, negation, degree, quality]
    for noun, verb, negation, degree, quality in product(
        ("soup", "bread", "tea", "cake"), ("is", "was"), ("not", "indeed"), ("very", "so"), GOOD + BAD
    )
]
praise = torch.tensor([(s[5] in GOOD) != (s[3] == "not") for s in sentences])

vocabulary = {word: i for i, word in enumerate(dict.fromkeys(word for s in sentences for word in s))}
tokens = torch.tensor([[vocabulary[word] for word in s] for s in sentences])
print(f"{len(sentences)} sentences, {len(vocabulary)} words, {praise.sum()} of praise")
print(" ".join(sentences[0]), "→", "praise" if praise[0] else "blame")

# %%
d = 12
embedding = torch.nn.Parameter(torch.randn(len(vocabulary), d) / 2)
shapes = [(d, d), (d, d), (d, d), (d, 24), (24, d)]  # W_Q, W_K, W_V, W_1, W_2
blocks = [[torch.nn.Parameter(torch.randn(*shape) / shape[0] ** 0.5) for shape in shapes] for _ in range(2)]
w = torch.nn.Parameter(torch.randn(d) / d**0.5)


def block(x, weights):  # (B, T, d) in and out
    W_Q, W_K, W_V, W_1, W_2 = weights
    h = x + torch.softmax((x @ W_Q) @ (x @ W_K).mT / d**0.5, dim=-1) @ (x @ W_V)
    return h + torch.tanh(h @ W_1) @ W_2


ROWS = ["embeddings", "after block 1", "after block 2"]


def rest(layer):  # the network from one of ROWS on
    def F(h):
        for weights in blocks[layer:]:
            h = block(h, weights)
        return h.mean(dim=1) @ w

    return F


def hidden(x, layer):  # what the network makes of x up to one of ROWS
    for weights in blocks[:layer]:
        x = block(x, weights)
    return x.detach()


held_out = torch.arange(len(sentences)) % 5 == 0  # not shown in training
optimizer = torch.optim.AdamW([embedding, *blocks[0], *blocks[1], w], lr=0.02, weight_decay=0.5)
for _ in range(100):
    optimizer.zero_grad()
    said = rest(0)(embedding[tokens[~held_out]])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(said, praise[~held_out].double())
    loss.backward()
    optimizer.step()

right = (rest(0)(embedding[tokens]) > 0) == praise
print(f"right on {right[~held_out].double().mean():.0%} of the sentences it saw, {right[held_out].double().mean():.0%} of the others")
assert right.all()

# %% [markdown]
# ## One row: a sum per token
#
# Integrated Gradients gives a number to each of the twelve components of each token's embedding. No reader wants those;
# a token's attribution is their sum, with its sign. The baseline is the zero vector for every token.
#
# **First look at the convergence delta**, the gap between the sum of all attributions and $F(x) - F(x')$. While it is
# large, the numbers are not yet those of the method, and the picture is of the quadrature.

# %%
sentence = ["the", "soup", "was", "not", "very", "good"]
x = embedding[torch.tensor([[vocabulary[word] for word in sentence]])].detach()
nothing = torch.zeros_like(x)


def per_token(layer, x_prime, *, n_steps=100):  # (T,), and the convergence delta
    F, at, from_ = rest(layer), hidden(x, layer), hidden(x_prime, layer)
    attributions = integrated_gradients(F, at, from_, n_steps=n_steps)
    return attributions.sum(dim=2)[0], completeness_gap(F, at, from_, attributions).item()


change = (rest(0)(x) - rest(0)(nothing)).item()
print(f"F(x) = {rest(0)(x).item():.3f}    F(x′) = {rest(0)(nothing).item():.3f}    difference = {change:.3f}\n")
deltas = {}
for n_steps in (2, 5, 10, 20, 50, 100):
    row, deltas[n_steps] = per_token(0, nothing, n_steps=n_steps)
    print(f"{n_steps:3d} gradients   delta {deltas[n_steps]:+.1e}   " + "  ".join(f"{t} {v:+.2f}" for t, v in zip(sentence, row.tolist())))

assert rest(0)(x) < 0  # blame
assert abs(deltas[2]) > 0.01 * abs(change)  # two gradients: not yet worth a picture
assert abs(deltas[100]) < 1e-6 * abs(change)

# %% [markdown]
# ## Layers × tokens
#
# The same can be asked of a later layer: take the hidden states there as input, those of the baseline as baseline, and
# the rest of the network as function. This is a row of the heatmap. A cell says how much of $F(x) - F(x')$ is attributed
# to the state *at that position of that layer*.
#
# **In the figure:** colour is not the only bearer. A filled disc adds to praise, a ring adds to blame; its area
# is the size; the number is written below it. All rows share one scale.

# %%
def heatmap(rows, names, words):  # rows: (R, T)
    largest = np.abs(rows).max()
    fig, axes = plt.subplots(figsize=(8, 0.9 + 0.95 * len(rows)))
    for (r, t), value in np.ndenumerate(rows):
        color = "C0" if value > 0 else "C1"
        face = color if value > 0 else "none"
        axes.scatter(t, r, s=700 * abs(value) / largest, facecolor=face, edgecolor=color, linewidth=1.8)
        axes.text(t, r - 0.42, f"{value:+.2f}".replace("-", "−"), ha="center", va="center", fontsize=8)
    axes.set(xticks=range(len(words)), yticks=range(len(names)), xlim=(-0.6, len(words) - 0.4), ylim=(-0.6, len(names) - 0.5))
    axes.set_xticklabels(words)
    axes.set_yticklabels(names)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return fig


found = [per_token(layer, nothing) for layer in range(len(ROWS))]
layers = torch.stack([row for row, _ in found]).numpy()
assert max(abs(delta) for _, delta in found) < 1e-6 * abs(change)


def told(rows, names):  # the picture in words, for its alternative text
    strongest = [f"{name}: most to {sentence[np.abs(row).argmax()]}" for name, row in zip(names, rows, strict=True)]
    return "; ".join(strongest)


shown(
    heatmap(layers, ROWS, sentence),
    f"Heatmap of three layers by six tokens. Discs add to praise, rings to blame, areas are sizes. {told(layers, ROWS)}.",
)

# %% [markdown]
# ## What it says
#
# **Each row is a whole account.** By completeness every row adds up to the same number, $F(x) - F(x')$: the later rows do
# not add to the first, they tell the same change again, from further on. Rows may be compared because they share a scale;
# a heatmap that rescales each row by its largest cell has thrown that away.

# %%
print("sums of the rows:", layers.sum(axis=1).round(6))
assert np.allclose(layers.sum(axis=1), change, rtol=1e-6)

rescaled = layers / np.abs(layers).max(axis=1, keepdims=True)
print("and rescaled:    ", rescaled.sum(axis=1).round(3))
assert np.ptp(rescaled.sum(axis=1)) > 0.1

# %% [markdown]
# **The sign is part of it.** Cells of both signs cancel in the sum, so a map of absolute values cannot tell a token that
# speaks for the result from one that speaks against it.

# %%
against = [word for word, value in zip(sentence, layers[0], strict=True) if value * change < 0]
print("against the result, at the embeddings:", against)
assert against
assert np.abs(layers[0]).sum() > abs(change)

# %% [markdown]
# ## What it does not say
#
# **A later column is a position, not a word.** After attention the state at “the” has taken something over from every
# other token, and what is attributed to it is not the doing of the word “the”. The test is simple: exchange the word “not”
# and look at the state at “the”. At the embeddings nothing happens there; after attention something does.

# %%
other = embedding[torch.tensor([[vocabulary[word] for word in ["the", "soup", "was", "indeed", "very", "good"]]])].detach()
for layer, name in enumerate(ROWS):
    moved = (hidden(x, layer) - hidden(other, layer))[0].norm(dim=1)
    share = np.abs(layers[layer][:3]).sum() / np.abs(layers[layer]).sum()
    print(f"{name:20} change of the state at “the”: {moved[0]:.3f}    share of “the soup was”: {share:.0%}")
    assert (moved[0] == 0) == (layer == 0)

# %% [markdown]
# **It is not about the word, but about the word here.** “good” adds to blame in this sentence, since “not” stands before it.
# In the twin sentence with “indeed” the same word, with the same embedding, gets another number.

# %%
twin = integrated_gradients(rest(0), other, nothing, n_steps=100).sum(dim=2)[0]
print(f"good: {layers[0, 5]:+.2f} after “not”, {twin[5]:+.2f} after “indeed”")
assert layers[0, 5] < 0
assert abs(twin[5] - layers[0, 5]) > 0.5 * abs(layers[0, 5])

# %% [markdown]
# **It does not say what would happen without a token.** Taking a token away, here by setting its embedding to zero, is
# another experiment, and this network has a conjunction in it that shows the difference: what “good” does depends on
# “not”. The effects of the single removals do not add up to anything; the attributions do.

# %%
without = []
for t, word in enumerate(sentence):
    one_less = x.clone()
    one_less[0, t] = 0
    without.append((rest(0)(x) - rest(0)(one_less)).item())
    print(f"{word:6}  attributed {layers[0, t]:+6.2f}    lost when removed {without[-1]:+6.2f}")

print(f"sum     attributed {layers[0].sum():+6.2f}    lost when removed {sum(without):+6.2f}    F(x) − F(x′) = {change:+.2f}")
assert abs(sum(without) - change) > 0.1 * abs(change)

# %% [markdown]
# **It does not say “compared with what” — but it depends on it.** An attribution explains the way from the baseline. Three
# baselines ask three questions: why this sentence and not *nothing*; and not *an average word everywhere*; and not *the same
# sentence with “indeed” in place of “not”*?

# %%
average = embedding[tokens].detach().mean(dim=(0, 1)).expand_as(x)
baselines = {"nothing": nothing, "average words": average, "“indeed” for “not”": other}
compared = []
for name, x_prime in baselines.items():
    row, delta = per_token(0, x_prime)
    difference = (rest(0)(x) - rest(0)(x_prime)).item()
    assert abs(delta) < 1e-6 * abs(difference)
    assert np.isclose(row.sum(), difference)
    compared.append(row.numpy() + 0.0)
    print(f"{name:20} F(x′) = {rest(0)(x_prime).item():+6.2f}   sum {row.sum():+6.2f}")

compared = np.stack(compared)
assert (compared[2][[0, 1, 2, 4, 5]] == 0).all()  # where x and x′ agree there is nothing to attribute
assert np.argsort(-np.abs(compared[0])).tolist() != np.argsort(-np.abs(compared[1])).tolist()

# %% [markdown]
# Against the negated twin, five tokens are the same in $x$ and $x'$, and by the factor $x_i - x'_i$ they get exactly
# nothing: all of the change is attributed to “not”. That does not mean that “good” is without effect. It is not what the
# question was about.
#
# **In the figure:** one row per baseline, all at the embeddings, marks as before.

# %%
shown(
    heatmap(compared, list(baselines), sentence),
    f"Heatmap of three baselines by six tokens. {told(compared, list(baselines))}. "
    "With the last baseline every token but not has exactly zero.",
)

# %% [markdown]
# ## Before believing one
#
# 1. Is the convergence delta given, and small?
# 2. Which baseline, and is it the question that I ask?
# 3. Do rows share a scale, and do signs show?
# 4. Are the columns of the row I look at still words?
# 5. Do I need “what if it were not there”? Then remove it and measure.
