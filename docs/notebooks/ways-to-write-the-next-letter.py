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
# # Ways to write the next letter
#
# A language model says how probable each next token is. What it writes is decided by something else: the decoder. With
# GPT-2 one can only look at samples; nobody can list all texts. So here the model is a table, small enough that everything
# which is said of decoders, in [Holtzman and others](../../papers/holtzman2019curious/) and in
# [the GPT-2 report's note](../../papers/radford2019language/), can be checked against *all* texts. Each cell asserts what it
# says; this page is built only if all of it holds.
#
# ## The model: which letter follows which
#
# The Indian given names that Faker carries, letter by letter; `>` stands before a man's name, `<` before a woman's, and
# `.` ends it. The table holds how often each symbol follows each other one. It is a language model like any other:
# token ids in, logits of the next token out. The decoders are those of `reproductions.generation`, which say token for
# token what `generate` of transformers says.

# %%
import heapq
import math

import matplotlib.pyplot as plt
import torch

from reproductions.generation.beam_search import beam_search
from reproductions.generation.decoding import continued, likeliest, sampled
from reproductions.generation.truncation import (
    nucleus,
    repetition_penalty,
    repetition_penalty_as_printed,
    temperature,
    top_k,
)
from reproductions.recurrent.names import END, SYMBOLS, names
from reproductions.shown import shown

torch.set_num_threads(1)

place = {symbol: i for i, symbol in enumerate(SYMBOLS)}
follows = torch.full((len(SYMBOLS), len(SYMBOLS)), 0.01, dtype=torch.float64)
for name in names():
    for one, following in zip(name, name[1:]):
        follows[place[one], place[following]] += 1
follows[:, [place[">"], place["<"]]] = 0  # what marks the gender is never written
follows[place[END]] = 0
follows[place[END], place[END]] = 1  # an ended name stays ended
log_P = (follows / follows.sum(dim=1, keepdim=True)).log()


def model(ids):  # (B, n) to (B, n, V)
    return log_P[ids]


def ids(text):
    return torch.tensor([place[symbol] for symbol in text])


def text(tokens):
    return "".join(SYMBOLS[token] for token in tokens.tolist())


def nats(name):  # log P of a whole name, given its first symbol
    return log_P[ids(name[:-1]), ids(name[1:])].sum().item()


print(f"{len(names())} names, {len(SYMBOLS)} symbols; after q comes u with probability {log_P[place['q'], place['u']].exp():.2f}")

# %% [markdown]
# ## Greedy: a walk without a choice
#
# The likeliest symbol each time. The state of this model is the last symbol, of which there are few, and a walk that does
# the same in the same state has to come round again. Let it write without ever ending:


# %%
def endless(u, said):
    return u.index_fill(-1, torch.tensor([place[END]]), -math.inf)


walk = text(continued(model, ids("<")[None], length=40, choose=likeliest, change=endless)[0])
period = next(p for p in range(1, len(walk)) if walk[-p:] == walk[-2 * p : -p])
print(walk, f"— a cycle of {period}")
assert period <= len(SYMBOLS)

# %% [markdown]
# A large model has more states than a table has letters, and takes longer to come round; that it repeats itself is the
# same thing. Sampling leaves the cycle, since it does not do the same in the same state:

# %%
walk = text(continued(model, ids("<")[None], length=40, choose=sampled(torch.Generator().manual_seed(0)), change=endless)[0])
print(walk)
assert all(walk[-p:] != walk[-2 * p : -p] for p in range(4, 20))

# %% [markdown]
# ## The likeliest text
#
# Which name is the likeliest of all? There are infinitely many, but each symbol more makes a name less likely, so that a
# search which always goes on with the likeliest beginning so far finds the best ones first, for certain.


# %%
def best_names(first, count):
    found, waiting = [], [(0.0, first)]
    while len(found) < count:
        cost, name = heapq.heappop(waiting)
        if name.endswith(END):
            found.append((name, -cost))
            continue
        for symbol, log_p in zip(SYMBOLS, log_P[place[name[-1]]].tolist()):
            if log_p > -math.inf:
                heapq.heappush(waiting, (cost - log_p, name + symbol))
    return found


women = [name for name in names() if name[0] == "<"]
for name, log_p in best_names("<", 5):
    print(f"{name[1:-1]:4} {log_p:6.2f} nats   {'is one of the names' if name in women else 'is nobody'}")
typical = sum(map(nats, women)) / len(women)
print(f"names of people: {typical:.2f} nats in the mean, the likeliest {max(map(nats, women)):.2f}")
assert not any(name in women for name, _ in best_names("<", 5))

# %% [markdown]
# Is the model wrong, then? It gives most of the probability to longer names, only that there are so many of these that
# none has much:

# %%
after = log_P[place["<"]].exp()  # the distribution of the first letter, then of the second, …
lengths = []
for _ in range(40):
    ended, after = after[place[END]].item(), after.clone()
    after[place[END]] = 0
    lengths.append(ended)
    after = after @ log_P.exp()
print(f"names of up to two letters: {sum(lengths[:3]):.0%}; in the mean {sum(n * p for n, p in enumerate(lengths)):.1f} letters")
assert sum(lengths[:3]) < 0.5

# %% [markdown]
# **Maximization asks for the mode, and the mode is no typical text.**
#
# ## Beams
#
# A beam keeps several beginnings. Does it find likelier texts than greedy decoding? On average, and with enough beams it
# finds the best. For a single text nothing is promised: that a beam of two can *lose* to greedy decoding is measured in
# [the GPT-2 report's note](../../papers/radford2019language/). Here each letter is continued by three more, and compared
# with all that could follow.

# %%
letters = SYMBOLS[3:]
every = torch.cartesian_prod(*[ids(letters)] * 3)  # all texts of three more letters
gains, misses = [], 0
for letter in letters:
    prompt = ids(letter)
    whole = torch.cat([prompt.expand(len(every), 1), every], dim=1)
    best = log_P[whole[:, :-1], whole[:, 1:]].sum(dim=1).max().item()

    def only_letters(ids):
        return endless(model(ids), None)

    scores = {}
    for beams in (1, 2, 4, 20):
        found = beam_search(only_letters, prompt, beams=beams, length=3, length_penalty=0.0)[0].text
        scores[beams] = log_P[found[:-1], found[1:]].sum().item()
    gains.append([scores[beams] - scores[1] for beams in (2, 4, 20)] + [best - scores[1]])
    misses += scores[1] < best - 1e-9
two, four, many, most = torch.tensor(gains).mean(dim=0).tolist()
print(f"greedy misses the best of {len(every)} texts for {misses} of {len(letters)} letters")
print(f"nats gained, mean: two beams {two:.3f}, four {four:.3f}, twenty {many:.3f}, all {most:.3f}")
assert 0 <= two <= four <= many <= most + 1e-9

# %% [markdown]
# ## As surprising as people
#
# A text drawn from the whole distribution costs, on average, what the texts cost that the table was counted from. Greedy
# and cold texts cost less: they are surer of themselves than anyone who has a name.


# %%
def written(change):
    beginnings = ids("".join(name[0] for name in names())).repeat(2)[:, None]  # as many of each gender
    choose = sampled(torch.Generator().manual_seed(0))
    rows = continued(model, beginnings, length=40, choose=choose, change=change, end=place[END])
    return [name[: name.index(END) + 1] for name in map(text, rows) if END in name]


def cost(texts):  # nats for each symbol that was written
    return -sum(map(nats, texts)) / sum(len(name) - 1 for name in texts)


ways = {
    "people": names(),
    "sampled": written(lambda u, _: u),
    "temperature 1.5": written(lambda u, _: temperature(u, t=1.5)),
    "temperature 0.3": written(lambda u, _: temperature(u, t=0.3)),
    "top-k, k = 5": written(lambda u, _: top_k(u, k=5)),
    "nucleus, p = 0.9": written(lambda u, _: nucleus(u, p=0.9)),
}
for way, texts in ways.items():
    print(f"{way:17} {cost(texts):.2f} nats   " + ", ".join(name[1:-1].capitalize()[:12] for name in texts[:5]))
assert abs(cost(ways["sampled"]) - cost(names())) < 0.05
assert cost(ways["temperature 0.3"]) < cost(ways["nucleus, p = 0.9"]) < cost(ways["sampled"]) < cost(ways["temperature 1.5"])

# %% [markdown]
# ## How many are worth considering?
#
# After *f* hardly anything can follow; at the beginning of a name nearly everything can. A fixed $k$ is too large for the
# one and too small for the other. The nucleus is the smallest set that holds $p$.
#
# **In the figure:** for each last symbol, the size of the nucleus at $p = 0.9$ (bars) and $k = 5$ (line).


# %%
last = [symbol for symbol in SYMBOLS if symbol != END]
u = model(ids("".join(last)))
sizes = nucleus(u, p=0.9).isfinite().sum(dim=1)
held = (u.softmax(dim=1) * top_k(u, k=5).isfinite()).sum(dim=1)
ranked = sorted(range(len(last)), key=lambda i: -sizes[i])

fig, axis = plt.subplots(figsize=(8, 3))
axis.bar(range(len(last)), sizes[ranked], color="C0", alpha=0.5)
axis.axhline(5, color="C1")
axis.set_xticks(range(len(last)), [last[i] for i in ranked])
axis.set(xlabel="last symbol", ylabel="symbols in the nucleus")
print(f"five symbols hold {held.min():.2f} of the probability after {last[held.argmin()]}, and {held.max():.2f} after {last[held.argmax()]}")
assert sizes.max() > 3 * 5 > 3 * sizes.min()
shown(fig, f"Bars from {sizes.max()} symbols after {last[ranked[0]]} down to {sizes.min()} after {last[ranked[-1]]}; a line at five.")

# %% [markdown]
# ## Two traps
#
# **Order.** Cold first and then the nucleus is not the nucleus first and then cold: a sharper distribution holds $p$ in
# fewer symbols.

# %%
cold_first = nucleus(temperature(u, t=0.5), p=0.9).isfinite()
nucleus_first = temperature(nucleus(u, p=0.9), t=0.5).isfinite()
print(f"symbols left, mean: {cold_first.sum(dim=1).double().mean():.1f} cold first, {nucleus_first.sum(dim=1).double().mean():.1f} nucleus first")
assert (nucleus_first | ~cold_first).all()
assert (nucleus_first.sum(dim=1) > cold_first.sum(dim=1)).any()

# %% [markdown]
# **A penalty that rewards.** To punish what was said, CTRL divides its logits by $\theta > 1$. Our logits are logarithms
# of probabilities, hence negative, and dividing a negative number makes it larger: what was said becomes *likelier*. The
# code in use multiplies there.

# %%
said = ids("a")[None]
u = model(ids("n"))  # the logits after n
p_of_a = {
    "no penalty": u,
    "as printed": repetition_penalty_as_printed(u, said, theta=1.5),
    "as in use": repetition_penalty(u, said, theta=1.5),
}
for name, logits in p_of_a.items():
    print(f"{name:11} P(a | n) = {logits.softmax(dim=1)[0, place['a']]:.3f}")
before, printed, used = (logits.softmax(dim=1)[0, place["a"]] for logits in p_of_a.values())
assert printed > before > used
