"""Nothing in; one number, or a few named ones, out of each function: what the claims about the classifier measure."""

from __future__ import annotations

import torch
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import held_out_sentences, training_sentences
from reproductions.emotions.training import accuracy, untrained_classifier


def accuracy_on_held_out_sentences() -> float:
    """Return the share of held-out sentences whose emotion the trained classifier finds."""
    return accuracy(emotion_classifier(), held_out_sentences())


def accuracy_of_the_untrained() -> float:
    """Return the same for the random weights that training starts from."""
    return accuracy(untrained_classifier(training_sentences()), held_out_sentences())


def size_beside_bert() -> float:
    """Return the number of DistilBERT's parameters, over that of BERT-base with the same vocabulary."""
    return _size_beside_bert(layers=6)


def size_beside_bert_of_all_its_layers() -> float:
    """Return the same for a DistilBERT that keeps BERT's twelve layers."""
    return _size_beside_bert(layers=12)


def _size_beside_bert(*, layers: int) -> float:
    with torch.device("meta"):  # shapes alone, no weights
        distilled = DistilBertModel(DistilBertConfig(n_layers=layers))
        bert = BertModel(BertConfig())
    return distilled.num_parameters() / bert.num_parameters()
