"""A BERT of `transformers` in; ours with the same weights, out.

Any checkpoint that `BertForMaskedLM` or `BertForQuestionAnswering` can load goes this way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reproductions.bert.encoder import Bert
from reproductions.bert.masked_words import MaskedLanguageModel
from reproductions.bert.question_answering import QuestionAnswering
from reproductions.bert.sizes import Sizes

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertForMaskedLM, BertForQuestionAnswering

NAMES = (
    (r"^bert\.embeddings\.word_embeddings\.", "bert.tokens."),
    (r"^bert\.embeddings\.token_type_embeddings\.", "bert.segments."),
    (r"^bert\.embeddings\.position_embeddings\.", "bert.positions."),
    (r"^bert\.embeddings\.LayerNorm\.", "bert.norm."),
    (r"^bert\.encoder\.layer\.", "bert.layers."),
    (r"\.attention\.self\.query\.", ".self_attention.W_Q."),
    (r"\.attention\.self\.key\.", ".self_attention.W_K."),
    (r"\.attention\.self\.value\.", ".self_attention.W_V."),
    (r"\.attention\.output\.dense\.", ".self_attention.W_O."),
    (r"\.attention\.output\.LayerNorm\.", ".after_self_attention.norm."),
    (r"\.intermediate\.dense\.", ".W_1."),
    (r"\.output\.dense\.", ".W_2."),
    (r"\.output\.LayerNorm\.", ".after_feed_forward.norm."),
    (r"^qa_outputs\.", "S_and_E."),
    (r"^cls\.predictions\.transform\.dense\.", "W."),
    (r"^cls\.predictions\.transform\.LayerNorm\.", "norm."),
    (r"^cls\.predictions\.bias$", "bias"),
)
"""What a weight is called there, as regular expressions, and here."""
SHARED = re.compile(r"^cls\.predictions\.decoder\.")
"""Weights that are the embeddings' and the bias, under a second name."""


def masked_language_model(theirs: BertForMaskedLM) -> MaskedLanguageModel:
    """Return our masked language model with their weights, in evaluation mode."""
    ours = MaskedLanguageModel(_bert(theirs.config))
    ours.load_state_dict(_renamed(theirs.state_dict()))
    return ours.eval()


def question_answering(theirs: BertForQuestionAnswering) -> QuestionAnswering:
    """Return our model for answering questions with their weights, in evaluation mode."""
    ours = QuestionAnswering(_bert(theirs.config))
    ours.load_state_dict(_renamed(theirs.state_dict()))
    return ours.eval()


def _bert(config: Any) -> Bert:
    if config.hidden_act != "gelu" or config.intermediate_size != 4 * config.hidden_size:
        raise ValueError("not the layers of the paper; hint: GELU, and an inner layer four times as wide as the model")
    return Bert(
        Sizes(
            L=config.num_hidden_layers,
            H=config.hidden_size,
            A=config.num_attention_heads,
            vocabulary=config.vocab_size,
            positions=config.max_position_embeddings,
            segments=config.type_vocab_size,
            P_drop=config.hidden_dropout_prob,
        ),
        padding=config.pad_token_id,
    )


def _renamed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {_name(name): value for name, value in weights.items() if not SHARED.match(name)}


def _name(theirs: str) -> str:
    for pattern, ours in NAMES:
        theirs = re.sub(pattern, ours, theirs)
    return theirs
