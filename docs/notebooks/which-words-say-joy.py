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
# # Which words say “joy”?
#
# The first days asked a DistilBERT of six emotions about one sentence, with Captum, and left two things undone: the
# convergence delta was never looked at, and the attributions to positions came in a shape that made no sense. Here is
# the whole of it again, with a classifier that is trained on this machine, in seconds. Each cell asserts what it says;
# this page is built only if all of it holds.

# %%
import warnings

warnings.filterwarnings("ignore", message="IProgress not found")  # a page has no use for progress bars

import torch
from IPython.display import HTML

from reproductions.attribution import reading_figures
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.attribution.layer_by_layer import layers_by_tokens, words_and_positions
from reproductions.attribution.marked_text import as_html
from reproductions.attribution.reading import read_text
from reproductions.attribution.token_summaries import token_sums
from reproductions.attribution.word_importance import word_importance
from reproductions.emotions.kept import emotion_classifier
from reproductions.shown import shown

torch.set_num_threads(1)
classifier = emotion_classifier()
sentence = "It is important to us to include, empower and support humans of all kinds."
for label, probability in zip(classifier.labels, classifier.probabilities([sentence])[0].tolist()):
    print(f"{label:>8} {probability:.3f} {'█' * round(40 * probability)}")

# %% [markdown]
# ## Word by word
#
# A word cannot be half there, so the path runs through embeddings: from those of the padding token to those of the
# words. The sum over a word's coordinates, and over its pieces, is its importance. All of them must add up to what the
# words did to the logit; the path is sampled until they do, to a hundredth.

# %%
reading = read_text(classifier, sentence)
found = word_importance(reading)
total = sum(word.importance for word in found.words)
print(f"logit with the words less logit without: {found.difference:.3f}; the words add up to {total:.3f}")
assert abs(found.error) < 0.01
HTML(as_html(found))

# %% [markdown]
# The same in a terminal, for this classifier or any other:
# `python -m reproductions.attribution "A sentence." --model PATH --html page.html`.
#
# ## Words and positions
#
# DistilBERT adds two embeddings, the word's and the position's. Captum is given both layers and no more, as the
# notebook of the first days did:

# %%
from captum.attr import LayerIntegratedGradients as Captums

embeddings = classifier.model.distilbert.embeddings
layers = [embeddings.word_embeddings, embeddings.position_embeddings]


def ask(method, copies, **options):
    ids, baseline, mask = (one.repeat(copies, 1) for one in (reading.ids, reading.baseline_ids, reading.mask))
    asked = {"target": reading.target, "additional_forward_args": mask, **options}
    return method(classifier.logits, layers).attribute(ids, baseline, **asked)


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    words, positions = ask(Captums, copies=1)
    print("one sentence: words", tuple(words.shape), "positions", tuple(positions.shape))
    print(f"  sums: words {words.sum():.3f}, positions {positions.sum():.3f}")
    assert positions.abs().sum() == 0
    try:
        ask(Captums, copies=2)
    except RuntimeError as error:
        print("two sentences:", str(error).partition("\n")[0])
    else:
        raise AssertionError("Captum has learnt it: say so on this page")

# %% [markdown]
# Two mistakes hide in this.
#
# **The shape.** A model looks its positions up once for all sentences of a batch: the layer's output has the shape
# (1, tokens, 64), however many sentences there are. Captum repeats it once a step, but not once a sentence, and the two
# no longer fit. Each sentence needs a row of its own:

# %%
words, positions = ask(LayerIntegratedGradients, copies=2)
print("two sentences: words", tuple(words.shape), "positions", tuple(positions.shape))
assert words.shape == positions.shape == (2, len(reading.tokens), 64)

# %% [markdown]
# **The zeros.** The sentence without words has its padding at the very same positions. Along the path from it the
# positions do not move, and what does not move is given nothing. (Who then divides by the length, to normalize, has
# a row of “not a number”.) One has to say what no position is. Zero will not do either: padding is zero here, and a
# layer normalization follows, which makes $\alpha x$ the same for every $\alpha > 0$; all would happen at the first point of
# the path. The mean of the positions does: it tells none from another.

# %%
words, positions = words_and_positions(reading)
print(f"words {words.sum():+.3f}, positions {positions.sum():+.3f}, together {words.sum() + positions.sum():+.3f}")
assert positions.abs().sum() > 0
shown(
    reading_figures.importance_of_words_and_positions(),
    "Bars for each token, above words and below positions; filled bars up speak for joy, hatched bars down against.",
)

# %% [markdown]
# ## Compared with what?
#
# Padding is one text that says nothing. The field knows others: zeros, the mean of all words, random numbers of the same
# size, the sentence blurred into itself. Each is another question, and each row below adds up to another difference.
# Padding, zeros and the mean agree about the word that matters. In the blur “humans” is there already, spread over its
# neighbours, so that it has nothing to add; the credit goes to another word.

# %%
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.text_baselines import text_baselines
from reproductions.attribution.word_importance import by_word

x, explain = reading.embeddings(reading.ids), IntegratedGradients(reading.logit_of_embeddings)
strongest = {}
for name, start in text_baselines(reading).items():
    given = token_sums(explain.attribute(x, start))[0]
    spans, sums = by_word(reading, given)
    strongest[name] = sentence[slice(*spans[sums.index(max(sums))])]
    print(f"{name:>14}: {given.sum():+.3f} in all, most to “{strongest[name]}”")
assert {strongest[name] for name in ("padding token", "zero", "mean embedding")} == {"humans"}
assert strongest["blurred"] != "humans"
shown(
    reading_figures.baselines_by_words(),
    "Grid of five baselines by words. From padding, zeros and the mean the disc at humans is the largest; "
    "from random numbers many are alike, and from the blur the one at support is the largest.",
)

# %% [markdown]
# ## Six layers
#
# The same question at the output of each layer. Every row adds up to the same difference of logits; a later row tells
# the same change from further on. By the last layer all of it is at [CLS], and must be: the classifier's head reads
# that position and no other.

# %%
states = layers_by_tokens(reading)
rows = token_sums(states)
for layer, row in enumerate(rows.tolist(), 1):
    print(f"layer {layer}: sum {sum(row):.3f}, of it at [CLS] {row[0]:.3f}")
assert torch.allclose(rows.sum(dim=1), torch.full((6,), found.difference), rtol=0.05)
assert not rows[-1, 1:].any()
shown(
    reading_figures.layers_by_words(),
    "Grid of six layers by words. The disc at CLS grows from layer to layer; at layer six it is the only one.",
)

# %% [markdown]
# One word through the layers, “important”, all coordinates of its pieces: as boxes, as densities, and by its entropy.
# What the boxes show is not that the model forgets the word: its content has moved to other positions.

# %%
shown(reading_figures.one_word_by_layer(), "Six boxes, narrower from layer to layer; the last one is a line at zero.")

# %%
shown(reading_figures.densities_by_layer(), "Five densities around zero, narrower from layer to layer, and a spike at zero.")

# %%
shown(
    reading_figures.entropy_by_layer(),
    "Two lines over six layers: the entropy over coordinates stays high, the entropy over tokens falls to zero.",
)

# %% [markdown]
# The entropy over tokens says how many positions share the account: most of them at the first layer, one at the last.
# The entropy over the coordinates of one word stays high as long as the word has anything: no single coordinate
# carries it.
