"""A classifier and a text in; the text as the model reads it, and the model as functions of it, out.

A token cannot be half there, so gradients are taken with respect to the embeddings of words; a token that is taken away
is replaced by [MASK], or by the padding token where there is no [MASK].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from reproductions.attribution.baselines import padding_baseline
from reproductions.attribution.presence import presence_of

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from reproductions.attribution.presence import Presence
    from reproductions.emotions.classifier import Classifier


@dataclass(frozen=True)
class Reading:
    """One text, read by a classifier that is asked for one label; T tokens, special ones included."""

    classifier: Classifier
    text: str
    ids: Tensor
    """Token ids, (1, T)."""
    mask: Tensor
    """Attention mask, (1, T)."""
    tokens: list[str]
    """The T tokens, as the tokenizer writes them."""
    words: list[int | None]
    """Which word of the text each token belongs to; None for a special token."""
    spans: list[tuple[int, int]]
    """Where in the text each token stands; an empty span for a special token."""
    target: int
    """The label that is asked for."""
    cut: bool = False
    """Whether the text goes on behind the last token, further than the classifier can read."""

    @property
    def label(self) -> str:
        """The name of the label that is asked for."""
        return self.classifier.labels[self.target]

    @property
    def special(self) -> Tensor:
        """Which tokens are special, booleans (T,)."""
        return torch.tensor([word is None for word in self.words], device=self.ids.device)

    @property
    def baseline_ids(self) -> Tensor:
        """The text that says nothing: the padding token in place of all but special tokens, (1, T).

        A word that the vocabulary does not have is a word, too, though its token is a special one of the tokenizer's.
        """
        padding = self.classifier.tokenizer.pad_token_id
        if padding is None:
            raise ValueError("the tokenizer has no padding token to compare with; hint: give it one")
        return padding_baseline(self.ids, padding=int(padding), kept=self.ids[0, self.special].tolist())

    def logit(self, ids: Tensor) -> Tensor:
        """Return the target's logit for texts of T tokens: (B, T) in, (B,) out."""
        return self.classifier.logits(ids, self.mask.expand(len(ids), -1))[:, self.target]

    def logit_of_embeddings(self, embeddings: Tensor) -> Tensor:
        """Return the target's logit for the embeddings of T words: (B, T, d) in, (B,) out."""
        return self._logits_of_embeddings(embeddings)[:, self.target]

    def score(self, ids: Tensor) -> Tensor:
        """Return the target's score, its probability or number, for texts of T tokens: (B, T) in, (B,) out."""
        logits = self.classifier.logits(ids, self.mask.expand(len(ids), -1))
        return self.classifier.scores(logits)[:, self.target]

    def score_of_embeddings(self, embeddings: Tensor) -> Tensor:
        """Return the same for the embeddings of T words: (B, T, d) in, (B,) out."""
        return self.classifier.scores(self._logits_of_embeddings(embeddings))[:, self.target]

    def _logits_of_embeddings(self, embeddings: Tensor) -> Tensor:
        mask = self.mask.expand(len(embeddings), -1)
        logits: Tensor = self.classifier.model(inputs_embeds=embeddings, attention_mask=mask).logits
        return logits

    @torch.no_grad()
    def attentions(self) -> list[Tensor]:
        """Return the attention of each layer to the text, from the first on: (1, heads, T, T) each."""
        output = self.classifier.model(input_ids=self.ids, attention_mask=self.mask, output_attentions=True)
        return list(output.attentions)

    @torch.no_grad()
    def embeddings(self, ids: Tensor) -> Tensor:
        """Return the embeddings of words alone, without positions: (B, T) in, (B, T, d) out."""
        embedded: Tensor = word_embeddings(self.classifier)(ids)
        return embedded

    def presence(self) -> Presence:
        """Return the target's score as a function of which tokens are there, special ones left aside.

        Raises `ValueError` for a tokenizer that has nothing to stand for a token that is not there.
        """
        tokenizer = self.classifier.tokenizer
        absent = tokenizer.pad_token_id if tokenizer.mask_token_id is None else tokenizer.mask_token_id
        if absent is None:
            raise ValueError("the tokenizer has neither [MASK] nor a padding token; hint: give it one")
        ordinary = ~self.special

        def score(ids: Tensor) -> Tensor:
            texts = self.ids.repeat(len(ids), 1)
            texts[:, ordinary] = ids
            return self.score(texts)

        there = self.ids[0, ordinary]
        return presence_of(score, there, torch.full_like(there, int(absent)))


def read_text(classifier: Classifier, text: str, *, label: str | None = None) -> Reading:
    """Return a text as the classifier reads it, to be asked for a label, or for the one of the highest score.

    Raises `ValueError` for a label that the classifier does not have, or none where it gives several numbers, of which
    none is its answer; for a text without words; and for a tokenizer that does not tell which part of the text a token
    stands for.
    """
    if not classifier.tokenizer.is_fast:
        name = type(classifier.tokenizer).__name__
        raise ValueError(f"a {name} does not tell where its tokens stand; hint: use a fast tokenizer")
    if label is not None and label not in classifier.labels:
        raise ValueError(f"the classifier has no label '{label}'; hint: {', '.join(classifier.labels)}")
    if label is None and classifier.answer == "numbers" and len(classifier.labels) > 1:
        raise ValueError(f"the model gives several numbers; hint: ask for one of {', '.join(classifier.labels)}")
    ids, mask = classifier.encode([text])
    encoded = classifier.tokenizer(text, truncation=True, max_length=ids.shape[1], return_offsets_mapping=True)
    words = encoded.word_ids()
    if all(word is None for word in words):
        raise ValueError("the text has no word that the classifier could read")
    with torch.no_grad():
        target = int(classifier.logits(ids, mask).argmax()) if label is None else classifier.labels.index(label)
    offsets: Any = encoded["offset_mapping"]
    cut = bool(encoded.encodings[0].overflowing)
    return Reading(classifier, text, ids, mask, encoded.tokens(), words, list(offsets), target, cut)


def word_embeddings(classifier: Classifier) -> Module:
    """Return the layer that looks up the embeddings of words."""
    return classifier.model.get_input_embeddings()


def encoder_layers(classifier: Classifier) -> list[Module]:
    """Return the layers of the encoder, from the first on.

    Raises `ValueError` for a model whose layers do not stand in one list.
    """
    count = classifier.model.config.num_hidden_layers
    for module in classifier.model.modules():
        if isinstance(module, torch.nn.ModuleList) and len(module) == count:
            return list(module)
    raise ValueError(f"found no list of {count} layers in a {type(classifier.model).__name__}")
