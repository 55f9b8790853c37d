r"""A source in; a vector of fixed size, and from it the words of the target, out: part 1.

Sutskever, Vinyals and Le 2014 (arXiv 1409.3215v3), section 2: one LSTM reads the source and leaves its last state $v$,
a second with other weights starts from $v$ and writes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from reproductions.seq2seq.encoder_decoder import EncoderDecoder, State, lengths


class LSTMPair(EncoderDecoder):
    """Two LSTMs and nothing between them but v (section 2).

    The source may have a vocabulary of its own size, `of_source`.

    Where it differs from the paper: one layer of 64 cells reads 32 numbers a word, where 4 layers of 1000 cells read
    1000; the cells are torch's, which have no peepholes.
    """

    def __init__(
        self, vocabulary: int, *, m: int = 32, n: int = 64, layers: int = 1, of_source: int | None = None
    ) -> None:
        super().__init__()
        self.read = nn.Embedding(vocabulary if of_source is None else of_source, m)
        self.wrote = nn.Embedding(vocabulary, m)
        self.encoder = nn.LSTM(m, n, num_layers=layers, batch_first=True)
        self.decoder = nn.LSTM(m, n, num_layers=layers, batch_first=True)
        self.output = nn.Linear(n, vocabulary)
        for weights in self.parameters():
            nn.init.uniform_(weights, -0.08, 0.08)  # section 3.4

    def begin(self, source: Tensor) -> State:
        """Return v, the hidden and cell states after the last word of the source: two of (layers, B, n)."""
        words = pack_padded_sequence(self.read(source), lengths(source), batch_first=True, enforce_sorted=False)
        _, (hidden, cell) = self.encoder(words)
        return hidden, cell

    def step(self, state: State, previous: Tensor) -> tuple[State, Tensor]:
        """Return the next state and the logits of p(yₜ | v, y₁, …, yₜ₋₁): (B,) in, (B, vocabulary) out."""
        output, (hidden, cell) = self.decoder(self.wrote(previous).unsqueeze(1), (state[0], state[1]))
        logits: Tensor = self.output(output[:, 0])
        return (hidden, cell), logits


def probability_by_length(model: EncoderDecoder, source: Tensor, *, longest: int, symbols: int, end: int) -> Tensor:
    """Return how much probability Equation 1 gives to all targets of 0, 1, …, `longest` symbols together.

    Symbols are those from `end` + 1 on. Shapes: `source` (1, T), the result (`longest` + 1,).
    """
    words = torch.cartesian_prod(*[torch.arange(end + 1, end + 1 + symbols)] * longest)
    target = torch.cat([words, torch.full_like(words[:, :1], end)], dim=1)
    state, previous = model.begin(source.expand(len(target), -1)), torch.full_like(target[:, 0], end - 1)
    before, found = torch.zeros(len(target), dtype=torch.float64), []
    for t in range(longest + 1):
        state, u = model.step(state, previous)
        log_p = u.double().log_softmax(dim=-1)
        found.append((before + log_p[:, end]).exp().sum() / symbols ** (longest - t))  # each prefix is there so often
        previous = target[:, t]
        before = before + log_p.gather(1, previous.unsqueeze(1)).squeeze(1)
    return torch.stack(found)
