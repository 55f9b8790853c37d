r"""A source in; annotations of its words, and a target whose every word looks at them anew, out: part 3.

Bahdanau, Cho and Bengio 2014 (arXiv 1409.0473v7), section 3 and appendix A. The alignment model and Equations 5 and 6
are those of `reproductions.attention`.

$$s_i = (1 - z_i) \circ s_{i-1} + z_i \circ \tilde{s}_i, \qquad
\tilde{s}_i = \tanh(W E y_{i-1} + U [r_i \circ s_{i-1}] + C c_i)$$
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reproductions.attention.additive import annotation_terms, energies_in_advance
from reproductions.attention.alignment import alignment_weights, context
from reproductions.seq2seq.encoder_decoder import EncoderDecoder, State, lengths
from reproductions.transformer.copying import PADDING, START

Looks = Literal["at each word", "once"]
"""Whether each word of the target has a context of its own."""


def maxout(t: Tensor) -> Tensor:
    """Return tᵢ of appendix A.2.2, the larger of each two neighbours: (…, 2l) to (…, l)."""
    return torch.maximum(t[..., ::2], t[..., 1::2])


class Decoder(nn.Module):
    """The decoder's gated unit and deep output (appendix A.2.2), with the paper's names for its matrices."""

    def __init__(self, vocabulary: int, *, m: int, n: int, annotation: int, hidden: int) -> None:
        super().__init__()
        self.E = nn.Embedding(vocabulary, m)
        self.W, self.U, self.C = (nn.Linear(size, n, bias=False) for size in (m, n, annotation))
        self.W_z, self.U_z, self.C_z = (nn.Linear(size, n, bias=False) for size in (m, n, annotation))
        self.W_r, self.U_r, self.C_r = (nn.Linear(size, n, bias=False) for size in (m, n, annotation))
        self.U_o = nn.Linear(n, 2 * hidden, bias=False)
        self.V_o = nn.Linear(m, 2 * hidden, bias=False)
        self.C_o = nn.Linear(annotation, 2 * hidden, bias=False)
        self.W_o = nn.Linear(hidden, vocabulary, bias=False)

    def state(self, s: Tensor, Ey: Tensor, c: Tensor) -> Tensor:
        """Return sᵢ from sᵢ₋₁ (B, n), E yᵢ₋₁ (B, m) and cᵢ (B, 2n); the gate zᵢ lets the new state in."""
        z = torch.sigmoid(self.W_z(Ey) + self.U_z(s) + self.C_z(c))
        r = torch.sigmoid(self.W_r(Ey) + self.U_r(s) + self.C_r(c))
        return (1 - z) * s + z * torch.tanh(self.W(Ey) + self.U(r * s) + self.C(c))

    def logits(self, s: Tensor, Ey: Tensor, c: Tensor) -> Tensor:
        """Return yᵢᵀ W_o tᵢ for each word: tᵢ is the maxout of U_o sᵢ₋₁ + V_o E yᵢ₋₁ + C_o cᵢ.

        Shapes: sᵢ₋₁ (B, n), E yᵢ₋₁ (B, m), cᵢ (B, 2n), the result (B, vocabulary).
        """
        u: Tensor = self.W_o(maxout(self.U_o(s) + self.V_o(Ey) + self.C_o(c)))
        return u


class RNNsearch(EncoderDecoder):
    """The paper's model, or, with `looks="once"`, the same with one context for all words (Equation 3 for 4).

    The one context is [h→_T; h←_1], the last state of each direction, so that nothing but the search is taken away.

    Where it differs from the paper: n is 1000, m 620 and n′ 1000 there; the encoder is torch's gated unit, which has
    biases and multiplies the reset gate after U; W_a, U_a and v_a start as torch starts them, not tiny and zero.
    """

    def __init__(self, vocabulary: int, *, m: int = 32, n: int = 64, looks: Looks = "at each word") -> None:
        super().__init__()
        self.looks = looks
        self.read = nn.Embedding(vocabulary, m)
        self.encoder = nn.GRU(m, n, batch_first=True, bidirectional=True)
        self.W_s = nn.Linear(n, n, bias=False)
        self.W_a = nn.Linear(n, n, bias=False)
        self.U_a = nn.Linear(2 * n, n, bias=False)
        self.v_a = nn.Parameter(torch.randn(n) / n**0.5)
        self.decoder = Decoder(vocabulary, m=m, n=n, annotation=2 * n, hidden=n // 2)

    def begin(self, source: Tensor) -> State:
        """Return s₀ = tanh(W_s h←₁), the annotations hⱼ, U_a hⱼ, and where there are words.

        Shapes: (B, n), (B, T, 2n), (B, T, n), (B, T). With `looks="once"`, T is 1.
        """
        words = pack_padded_sequence(self.read(source), lengths(source), batch_first=True, enforce_sorted=False)
        annotations, last = self.encoder(words)  # last: (2, B, n), the states h→_T and h←_1
        if self.looks == "once":
            h, mask = torch.cat([last[0], last[1]], dim=-1).unsqueeze(1), source[:, :1] != PADDING
        else:
            h, _ = pad_packed_sequence(annotations, batch_first=True, total_length=source.shape[1])
            mask = source != PADDING
        return torch.tanh(self.W_s(last[1])), h, annotation_terms(h, U_a=self.U_a.weight), mask

    def step(self, state: State, previous: Tensor) -> tuple[State, Tensor]:
        """Look, and write one word: (B,) in, the next state and the logits (B, vocabulary) out (Equations 4 to 6)."""
        s, h, U_a_h, mask = state
        Ey, c = self.decoder.E(previous), context(self.alpha(state), h)
        return (self.decoder.state(s, Ey, c), h, U_a_h, mask), self.decoder.logits(s, Ey, c)

    def alpha(self, state: State) -> Tensor:
        """Return the weights αᵢⱼ with which the next word looks at the source: (B, T)."""
        s, _, U_a_h, mask = state
        return alignment_weights(energies_in_advance(s, U_a_h, v_a=self.v_a, W_a=self.W_a.weight), mask=mask)

    def alignment(self, source: Tensor, target: Tensor) -> Tensor:
        """Return αᵢⱼ for all words of the target, given the true words before each: (B, T′, T)."""
        state, weights = self.begin(source), []
        previous = torch.full_like(target[:, 0], START)
        for t in range(target.shape[1]):
            weights.append(self.alpha(state))
            state, _ = self.step(state, previous)
            previous = target[:, t]
        return torch.stack(weights, dim=1)
