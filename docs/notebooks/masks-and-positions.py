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
# # What attention is told about order
#
# Attention adds up values with weights, and a sum has no order. All that [the Transformer](../../papers/vaswani2017attention/)
# knows of before and after comes to it from two places: the encoding of positions, added once at the bottom, and the mask
# of the decoder. This page takes both away and gives them back, one at a time, and builds a head by hand that looks one
# word back. Nothing is trained. Each cell asserts what it says; this page is built only if all of it holds.
#
# ## A bag of words

# %%
import matplotlib.pyplot as plt
import torch

from reproductions.shown import shown
from reproductions.transformer.copying import SMALL
from reproductions.transformer.layers import EncoderLayer
from reproductions.transformer.masks import causal_mask, padding_mask
from reproductions.transformer.model import Transformer
from reproductions.transformer.positions import offset_matrix, positional_encoding
from reproductions.transformer.scaled_dot_product import attention_weights

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)

n, d_model = 8, SMALL.d_model
layer = EncoderLayer(SMALL).eval()
words = torch.randn(1, n, d_model)
order = torch.randperm(n)

with torch.no_grad():
    without = layer(words)[:, order] - layer(words[:, order])
    PE = positional_encoding(n, d_model)
    with_positions = layer(words + PE)[:, order] - layer(words[:, order] + PE)
print(f"words shuffled, then encoded, or encoded, then shuffled: {without.abs().max():.1e} apart")
print(f"the same with positions added:                           {with_positions.abs().max():.1e} apart")
assert without.abs().max() < 1e-12
assert with_positions.abs().max() > 0.01

# %% [markdown]
# ## Positions as angles
#
# $$PE_{(pos, 2i)} = \sin(\omega_i \, pos), \qquad PE_{(pos, 2i+1)} = \cos(\omega_i \, pos)$$
#
# with $\omega_i = 10000^{-2i/d_{\text{model}}}$. Each pair of dimensions is the hand of a clock. To go $k$ positions further is to turn every hand by its own angle
# $\omega_i k$, wherever it stood: one matrix $M_k$ for all positions.

# %%
PE = positional_encoding(200, d_model)
for k in (1, 7, 50):
    M_k = offset_matrix(k, d_model)
    error = (PE[k:] - PE[:-k] @ M_k.T).abs().max()
    print(f"k = {k:2}: largest |PE(pos + k) − M_k PE(pos)| = {error:.1e}")
    assert error < 1e-12
    assert torch.allclose(M_k @ M_k.T, torch.eye(d_model))  # a rotation

# %% [markdown]
# By themselves, encodings know distance and not direction: the product with the position $k$ ahead is that with the
# position $k$ behind.

# %%
products = PE @ PE.T
ahead, behind = products[100, 101:180], products[100, 21:100].flip(0)
print("ahead less behind, at most:", (ahead - behind).abs().max().item())
assert torch.allclose(ahead, behind)

# %% [markdown]
# ## A head that looks one word back
#
# Direction is what the projections bring in. Let the keys be the positions as they are, and let $W^Q$ turn each query back
# by one: $q = M_{-1} PE(pos) = PE(pos - 1)$. Its product is largest with the key one place before. With a scale large
# enough the softmax picks it out.
#
# **In the figure:** weights of three heads, queries downwards and keys across; the fuller the colour, the larger. First the
# positions untouched, then turned back by one, then ahead by three.


# %%
def heads(weights, titles):
    fig, axes = plt.subplots(1, len(weights), figsize=(3 * len(weights), 3.1))
    for axis, weight, title in zip(axes, weights, titles, strict=True):
        axis.pcolormesh(weight, cmap="Blues", vmin=0, vmax=1, edgecolors="face")
        axis.set(title=title, xticks=[], yticks=[], aspect="equal")
        axis.invert_yaxis()
    return fig


positions = positional_encoding(12, d_model)
turned = {k: attention_weights(8 * positions @ offset_matrix(k, d_model).T, positions) for k in (0, -1, 3)}
for k, weights in turned.items():
    found = [(query, key) for query, key in enumerate(weights.argmax(dim=1).tolist()) if 0 <= query + k < 12]
    print(f"turned by {k:2}: each query looks at the key {k:+} from it, weight {weights.diagonal(k).min():.2f} or more")
    assert all(key == query + k for query, key in found)
shown(
    heads(list(turned.values()), ["as they are", "turned back by one", "turned ahead by three"]),
    "Three squares of twelve by twelve weights. Full cells lie on the diagonal, one place left of it, three places right of it.",
)

# %% [markdown]
# ## The mask
#
# In training the decoder is given the whole target at once, so that every position can be computed at the same time. What
# it is to predict stands right there. The mask lets a position see itself and what came before; the weights of all
# else are zero, and so is every gradient through them.

# %%
scores = torch.randn(1, n, d_model)
masked = attention_weights(scores, scores, mask=causal_mask(n))[0]
free = attention_weights(scores, scores)[0]
assert (masked.triu(1) == 0).all()
assert torch.allclose(masked.sum(dim=1), torch.ones(n))  # what is left shares the whole weight

source, target = torch.randint(3, 13, (1, n)), torch.randint(3, 13, (1, n))
for causal in (True, False):
    torch.manual_seed(1)
    model = Transformer(SMALL, vocabulary=13, causal=causal).eval()
    changed = target.clone()
    changed[0, 5:] = 3 + (changed[0, 5:] - 2) % 10  # other words from the sixth on
    with torch.no_grad():
        moved = (model(source, target) - model(source, changed)).abs().amax(dim=2)[0]
    print(f"mask {'on ' if causal else 'off'}: change at the words before the sixth {moved[:5].max():.1e}, from there {moved[5:].max():.1e}")
    assert (moved[:5].max() < 1e-12) == causal
    assert moved[5:].max() > 1e-3

# %% [markdown]
# A model that is trained without the mask learns to peek, and can do nothing when there is nothing to peek at:
# [the claim](../../papers/vaswani2017attention/#claim-copy) measures it.
#
# ## The mask knows about order, too
#
# A decoder without positions is not quite a bag of words. The first position sees one word, the second two; a head that
# weighs all it sees alike gives the first word the weight $1, \tfrac12, \tfrac13, \dots$ and so can tell how far it has come.

# %%
alike = attention_weights(torch.zeros(n, 4), torch.zeros(n, 4), mask=causal_mask(n))
print("weight of the first word:", [round(weight, 3) for weight in alike[:, 0].tolist()])
assert torch.allclose(1 / alike[:, 0], torch.arange(1.0, n + 1))

# %% [markdown]
# ## Padding
#
# The second mask hides what is no word. A padded sentence must give what the bare one gives; where the mask is forgotten,
# it depends on the company in its batch.

# %%
torch.manual_seed(1)
model = Transformer(SMALL, vocabulary=13, padding=0).eval()
careless = Transformer(SMALL, vocabulary=13).eval()
careless.load_state_dict(model.state_dict())
padded = torch.cat([source, torch.zeros(1, 4, dtype=torch.long)], dim=1)
assert padding_mask(padded, padding=0).sum() == n
with torch.no_grad():
    kept, lost = ((each(padded, target) - each(source, target)).abs().max() for each in (model, careless))
print(f"change by four tokens of padding: {kept:.1e} with the mask, {lost:.1e} without")
assert kept < 1e-12
assert lost > 1e-3

# %% [markdown]
# ## And the scale
#
# It has nothing to do with order, but with whether any of this can be learnt. The product of two vectors of independent
# components has variance $d_k$; undivided, the scores of large heads leave the softmax all but certain, and one that is
# certain passes no gradient on.

# %%
print(" d_k   variance of q·k   largest weight of 32, undivided   divided by √d_k")
for d_k in (4, 64, 1024):
    q, k = torch.randn(500, 1, d_k), torch.randn(500, 32, d_k)
    variance = (q @ k.mT).var().item()
    raw, scaled = (attention_weights(q, k, scaled=s).amax(dim=2).mean().item() for s in (False, True))
    print(f"{d_k:4}   {variance:15.1f}   {raw:31.2f}   {scaled:15.2f}")
    assert abs(variance / d_k - 1) < 0.15
assert raw > 0.9 > 0.3 > scaled

# %% [markdown]
# ## Worth remembering
#
# 1. Attention itself is blind to order; positions are added once, masks in every layer.
# 2. Sinusoids turn "k further on" into one rotation, which a projection can learn; direction is in the projection.
# 3. A mask is part of the model and not of the data: forget it in training, and what is learnt is worthless.
# 4. Padding that is not masked makes an answer depend on the batch.
