import torch

from reproductions.emotions import training
from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import train_classifier, untrained_classifier
from reproductions.emotions.vocabulary import word_piece_tokenizer

FEW = training_sentences()[::6]


def weights(classifier):
    return torch.cat([parameter.flatten() for parameter in classifier.model.parameters()])


def test_training_repeats_to_the_bit_and_leaves_torch_as_it_was():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    once = weights(train_classifier(FEW, steps=3))
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(7)
    assert torch.equal(once, weights(train_classifier(FEW, steps=3)))


def test_training_changes_the_weights():
    before = untrained_classifier(FEW)
    after = train_classifier(FEW, steps=3)
    assert not torch.equal(weights(before), weights(after))
    assert not after.model.training
    assert not any(parameter.requires_grad for parameter in after.model.parameters())


def test_six_layers_of_64_with_four_heads_for_1200_pieces_and_64_places(monkeypatch):
    sizes = []

    def few_pieces(texts, *, size):
        sizes.append(size)
        return word_piece_tokenizer(texts, size=60)

    monkeypatch.setattr(training, "word_piece_tokenizer", few_pieces)
    config = untrained_classifier(FEW[:2]).model.config
    assert sizes == [1200]
    assert (config.n_layers, config.dim, config.hidden_dim, config.n_heads) == (6, 64, 128, 4)
    assert config.max_position_embeddings == 64


def test_training_is_on_one_thread_and_leaves_as_many_as_there_were(monkeypatch):
    threads = [3]
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads[-1])
    monkeypatch.setattr(torch, "set_num_threads", threads.append)
    with training._one_thread():
        assert threads == [3, 1]
    assert threads == [3, 1, 3]
