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
# # The axioms
#
# [Sundararajan, Taly and Yan 2017](https://arxiv.org/abs/1703.01365) do not ask which attribution looks right. They ask
# what any attribution should satisfy, and see which methods do. Here are four of their axioms, on networks of a few
# rectifiers, where every number can be checked by hand. Each cell asserts what it says; this page is built only if
# all of it holds.
#
# Four methods take part. Each gets a network, an input $x$ and a baseline $x'$, and returns one number per feature:
#
# - the **gradient** at $x$;
# - **gradient × input**, here times $x - x'$;
# - **Integrated Gradients**, the gradient gathered on the straight line from $x'$ to $x$;
# - **DeepLIFT's rule**: back-propagation in which each rectifier passes on its slope between baseline and input, in place
#   of its derivative.
#
# The last one needs to know how the network is built, so our networks take the rectifier that they shall use.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from IPython.display import HTML

from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.gradients import gradient_times_input, gradients
from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients
from reproductions.attribution.path_methods import one_feature_after_another
from reproductions.shown import shown


def ig(network, x, x_prime):  # a rectifier has a kink: many small steps find it, a few well-chosen ones do not
    return integrated_gradients(network, x, x_prime, n_steps=1200, method="riemann_middle")


METHODS = {
    "gradient": lambda network, x, x_prime: gradients(network, x),
    "gradient × input": gradient_times_input,
    "Integrated Gradients": ig,
    "DeepLIFT's rule": discrete_gradients,
}
kept = {method: {} for method in METHODS}  # which axioms each method turns out to keep


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def close(a, b):
    return torch.allclose(a, b, rtol=0, atol=1e-9)


def in_words(attributions):
    return "  ".join(f"{value + 0.0:+.3f}" for value in attributions.flatten().tolist())


# %% [markdown]
# ## Sensitivity
#
# *If input and baseline differ in one feature and the network says different things, that feature gets a part of it*
# (section 2.1, Sensitivity (a)). One neuron suffices to break it: $f(x) = 1 - \mathrm{ReLU}(1 - x)$ rises from 0 to 1, and
# is flat from $x = 1$ on. At $x = 2$ its gradient is zero, although the output has changed by one since $x' = 0$.


# %%
def flattens(x, relu=torch.relu):
    return 1 - relu(1 - x[:, 0])


x, x_prime = tensor([2]), tensor([0])
assert flattens(x) - flattens(x_prime) == 1
for name, method in METHODS.items():
    found = method(flattens, x, x_prime)
    kept[name]["sensitivity"] = found.item() != 0
    print(f"{name:22}{in_words(found)}")

assert not kept["gradient"]["sensitivity"]
assert not kept["gradient × input"]["sensitivity"]
assert close(ig(flattens, x, x_prime), tensor([1]))
assert close(discrete_gradients(flattens, x, x_prime), tensor([1]))

# %% [markdown]
# **In the figure:** the network's output over $x$. The tangent at the input is level; the chord from baseline to input,
# which Integrated Gradients and DeepLIFT's rule see here, is not.

# %%
grid = np.linspace(-0.5, 2.5, 121)
fig, axes = plt.subplots(figsize=(6.5, 3))
axes.plot(grid, flattens(torch.tensor(grid)[:, None]), color="0.3", linewidth=2, label="f(x)")
axes.plot([0, 2], [0, 1], "--", color="C1", label="chord from x′ to x: slope ½")
axes.plot([1.5, 2.5], [1, 1], color="C0", linewidth=5, alpha=0.4, label="tangent at x: slope 0")
axes.plot([0, 2], [0, 1], "o", color="C1")
axes.annotate("x′", (0, 0), xytext=(8, -4), textcoords="offset points")
axes.annotate("x", (2, 1), xytext=(0, 9), textcoords="offset points")
axes.set(xlabel="x", ylabel="f(x)", ylim=(-0.6, 1.3), title="1 − ReLU(1 − x)")
axes.legend(loc="lower right")
shown(
    fig,
    "A line that rises to 1 and is flat from x = 1 on. The tangent at the input, x = 2, is level, "
    "while the chord from the baseline at 0 to the input rises.",
)

# %% [markdown]
# ## Implementation invariance
#
# *Two networks that say the same for every input get the same attributions* (section 2.2). What a method tells is then
# about the function, not about how somebody happened to write it down. These two are the paper's own (Figure 7):
#
# $$f(x) = \mathrm{ReLU}\left(\mathrm{ReLU}(x_1) - 1 - \mathrm{ReLU}(x_2)\right) \qquad
# g(x) = \mathrm{ReLU}\left(\mathrm{ReLU}(x_1 - 1) - \mathrm{ReLU}(x_2)\right)$$
#
# Where $x_1 < 1$ both are zero, and elsewhere both are $\mathrm{ReLU}(x_1 - 1 - \mathrm{ReLU}(x_2))$.


# %%
def f(x, relu=torch.relu):
    return relu(relu(x[:, 0]) - 1 - relu(x[:, 1]))


def g(x, relu=torch.relu):
    return relu(relu(x[:, 0] - 1) - relu(x[:, 1]))


everywhere = torch.cartesian_prod(*[torch.linspace(-4, 4, 161, dtype=torch.float64)] * 2)
assert close(f(everywhere), g(everywhere))

x, x_prime = tensor([3, 1]), tensor([0, 0])
both = {name: (method(f, x, x_prime), method(g, x, x_prime)) for name, method in METHODS.items()}
for name, (of_f, of_g) in both.items():
    kept[name]["implementation invariance"] = close(of_f, of_g)
    print(f"{name:22}f: {in_words(of_f)}    g: {in_words(of_g)}")

assert close(both["Integrated Gradients"][0], tensor([1.5, -0.5]))  # the paper's numbers
assert close(both["DeepLIFT's rule"][0], tensor([1.5, -0.5]))
assert close(both["DeepLIFT's rule"][1], tensor([2, -1]))
assert [name for name in METHODS if not kept[name]["implementation invariance"]] == ["DeepLIFT's rule"]

# %% [markdown]
# A gradient belongs to the function: the chain rule gives the same product however the function is cut into neurons.
# Slopes between two points do not multiply like that, and DeepLIFT's rule multiplies them.
#
# **In the figure:** what each method gives to $x_1$ (bars to the right) and to $x_2$ (bars to the left), for $f$ (plain)
# and for $g$ (hatched). The two bars of a pair are equally long with every method but DeepLIFT's rule.

# %%
plt.rcParams["hatch.color"] = "white"
fig, axes = plt.subplots(figsize=(7, 3.4))
for row, (of_f, of_g) in enumerate(reversed(both.values())):
    for shift, found, hatch, network in ((0.19, of_f, "", "f"), (-0.19, of_g, "///", "g")):
        for value, color in zip(found[0].tolist(), ("C0", "C1"), strict=True):
            axes.barh(row + shift, value, height=0.34, color=color, hatch=hatch, linewidth=0)
            away = 6 if value > 0 else -6
            axes.annotate(
                f"{network}: {value:+g}".replace("-", "−"), (value, row + shift), xytext=(away, 0),
                textcoords="offset points", va="center", ha="left" if value > 0 else "right", fontsize=8,
            )
axes.axvline(0, color="0.3", linewidth=0.8)
axes.set(yticks=range(len(both)), yticklabels=reversed(both), xlim=(-1.9, 3.9), xlabel="attribution of x₂ (left) and x₁ (right)")
shown(
    fig,
    "Bars for what four methods give to two features, for two networks that compute one function. "
    "The networks' bars agree for the gradient, gradient times input and Integrated Gradients; for DeepLIFT's rule, they do not.",
)

# %% [markdown]
# ## Completeness
#
# *The attributions add up to $F(x) - F(x')$* (section 3, Proposition 1). This is a budget: nothing is given out twice,
# nothing is lost. Two neurons, and inputs on both sides of their kinks:
#
# $$F(x) = \mathrm{ReLU}(x_1 + 2 x_2 - 1) - \mathrm{ReLU}(x_1 - x_2)$$


# %%
def F(x, relu=torch.relu):
    x1, x2 = x.unbind(dim=1)
    return relu(x1 + 2 * x2 - 1) - relu(x1 - x2)


x, x_prime = tensor([2, 1]), tensor([0, 0])
# The first neuron turns on at a quarter of the way, the second at once: (2 (¾ − 1), 1 (2 · ¾ + 1))
assert close(ig(F, x, x_prime), tensor([-0.5, 2.5]))

generator = torch.Generator().manual_seed(0)
many = 2 * torch.randn(2, 60, 2, generator=generator, dtype=torch.float64)
x, x_prime = many
change = F(x) - F(x_prime)
gaps = {name: completeness_gap(F, x, x_prime, method(F, x, x_prime)).abs() for name, method in METHODS.items()}
for name, gap in gaps.items():
    kept[name]["completeness"] = bool(gap.max() < 0.01 * change.abs().max())
    print(f"{name:22}largest gap {gap.max():.2g}")

assert gaps["DeepLIFT's rule"].max() < 1e-12
assert 0 < gaps["Integrated Gradients"].max() < 0.01  # the kinks fall between two steps, not upon one
assert not kept["gradient"]["completeness"]
assert not kept["gradient × input"]["completeness"]

# %% [markdown]
# The gap of Integrated Gradients is that of the sum that stands for the integral; it falls as steps are added. The gap of
# gradient × input has nowhere to fall to.
#
# **In the figure:** sixty pairs of input and baseline; across, how much the output changes; upwards, what the
# attributions add up to. Integrated Gradients (dots) and DeepLIFT's rule (rings around them) lie on the diagonal; gradient
# × input (crosses) leaves it wherever a neuron turns on or off on the way.

# %%
fig, axes = plt.subplots(figsize=(5.6, 4.2))
axes.axline((0, 0), slope=1, color="0.5", linewidth=0.8)
for name, style in {
    "gradient × input": {"marker": "x", "color": "C1"},
    "Integrated Gradients": {"marker": ".", "color": "C0"},
    "DeepLIFT's rule": {"marker": "o", "color": "0.3", "markerfacecolor": "none", "markersize": 8},
}.items():
    axes.plot(change, METHODS[name](F, x, x_prime).sum(dim=1), linestyle="none", label=name, **style)
axes.set(xlabel="F(x) − F(x′)", ylabel="sum of the attributions")
axes.legend()
shown(
    fig,
    "Sum of attributions against change of output for sixty inputs. Integrated Gradients and DeepLIFT's rule lie on "
    "the diagonal, gradient times input scatters around it.",
)

# %% [markdown]
# ## Symmetry
#
# *Where swapping two features does not change the function, and they are equal in input and baseline, they get equal
# attributions* (section 4.2). Take the function of Figure 7 with a weaker $x_2$, and add it to itself with the features
# swapped. The sum is symmetric. We build it from $f$ on one side and from $g$, the same function, on the other:


# %%
def symmetric(x, relu=torch.relu):
    weaker = torch.tensor([1, 1 / 3], dtype=x.dtype)
    return f(x * weaker, relu) + g(x.flip(1) * weaker, relu)


assert close(symmetric(everywhere), symmetric(everywhere.flip(1)))

x, x_prime = tensor([3, 3]), tensor([0, 0])
for name, method in METHODS.items():
    found = method(symmetric, x, x_prime)
    kept[name]["symmetry"] = close(found[:, 0], found[:, 1])
    print(f"{name:22}{in_words(found)}")

assert close(ig(symmetric, x, x_prime), tensor([1, 1]))
assert close(discrete_gradients(symmetric, x, x_prime), tensor([0.5, 1.5]))
assert [name for name in METHODS if not kept[name]["symmetry"]] == ["DeepLIFT's rule"]

# %% [markdown]
# DeepLIFT's rule would keep symmetry on a network that is *built* symmetrically; it fails here because it is not
# implementation invariant.
#
# Symmetry is also what singles out the straight line. Every path from $x'$ to $x$ is complete and implementation
# invariant, and most treat equal features unequally: to move $x_1$ first and then $x_2$ gives all to one of them.
# By the paper's Theorem 1, Integrated Gradients is the only path method that never does.

# %%
first_x1 = one_feature_after_another(symmetric, x, x_prime, order=(0, 1))
print("x₁ first, then x₂:   ", in_words(first_x1))
assert close(completeness_gap(symmetric, x, x_prime, first_x1), tensor(0))
assert close(first_x1, tensor([2, 0]))

# %% [markdown]
# ## All four
#
# What the cells above have found, and nothing else:

# %%
axioms = list(kept["gradient"])
rows = "".join(
    f'<tr><th scope="row">{name}</th>' + "".join(f"<td>{'kept' if found[axiom] else 'broken'}</td>" for axiom in axioms) + "</tr>"
    for name, found in kept.items()
)
assert all(kept["Integrated Gradients"].values())
assert not any(all(found.values()) for name, found in kept.items() if name != "Integrated Gradients")
HTML(f"<table><thead><tr><th></th>{''.join(f'<th>{axiom}</th>' for axiom in axioms)}</tr></thead><tbody>{rows}</tbody></table>")
