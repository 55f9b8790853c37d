import pytest
import torch
from torch import nn

from reproductions.normal import normal
from reproductions.transformer.hyperparameters import Hyperparameters
from reproductions.transformer.layers import AddAndNorm, DecoderLayer, EncoderLayer
from reproductions.transformer.masks import causal_mask, padding_mask
from reproductions.transformer.model import Transformer, greedy
from reproductions.transformer.positions import positional_encoding

P = Hyperparameters(N=2, d_model=16, d_ff=32, h=4, d_k=4, d_v=4, P_drop=0.0)


def give_attention(ours, theirs):
    theirs.in_proj_weight.copy_(torch.cat([ours.W_Q.T, ours.W_K.T, ours.W_V.T]))
    theirs.out_proj.weight.copy_(ours.W_O.T)
    theirs.in_proj_bias.zero_()
    theirs.out_proj.bias.zero_()


def give_rest(ours, theirs, *norms):
    """Give torch's layer the feed-forward network and the normalizations of ours, after making these worth copying."""
    for parameter in (ours.feed_forward.b_1, ours.feed_forward.b_2, *(p for norm in norms for p in norm.parameters())):
        parameter.normal_(generator=torch.Generator().manual_seed(parameter.numel()))
    theirs.linear1.weight.copy_(ours.feed_forward.W_1.T)
    theirs.linear1.bias.copy_(ours.feed_forward.b_1)
    theirs.linear2.weight.copy_(ours.feed_forward.W_2.T)
    theirs.linear2.bias.copy_(ours.feed_forward.b_2)
    for norm, name in zip(norms, ("norm1", "norm2", "norm3"), strict=False):
        getattr(theirs, name).load_state_dict(norm.norm.state_dict())


def torchs_encoder_layer(ours, dtype=torch.float64):
    theirs = nn.TransformerEncoderLayer(16, 4, 32, dropout=0.0, batch_first=True, dtype=dtype)
    with torch.no_grad():
        give_attention(ours.self_attention, theirs.self_attn)
        give_rest(ours, theirs, ours.after_self_attention, ours.after_feed_forward)
    return theirs


def torchs_decoder_layer(ours, dtype=torch.float64):
    theirs = nn.TransformerDecoderLayer(16, 4, 32, dropout=0.0, batch_first=True, dtype=dtype)
    with torch.no_grad():
        give_attention(ours.self_attention, theirs.self_attn)
        give_attention(ours.encoder_attention, theirs.multihead_attn)
        give_rest(ours, theirs, ours.after_self_attention, ours.after_encoder_attention, ours.after_feed_forward)
    return theirs


@pytest.mark.parametrize(("dtype", "within"), [(torch.float32, 2e-6), (torch.float64, 1e-12)])
def test_an_encoder_layer_is_torchs(dtype, within):
    ours = EncoderLayer(P).to(dtype)
    theirs = torchs_encoder_layer(ours, dtype)
    x, padding = normal(2, 5, 16, seed=0).to(dtype), torch.tensor([[False] * 5, [False, False, True, True, True]])
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=within)
    masked = theirs(x, src_key_padding_mask=padding)
    torch.testing.assert_close(ours(x, ~padding[:, None]), masked, rtol=0, atol=within)


@pytest.mark.parametrize(("dtype", "within"), [(torch.float32, 2e-6), (torch.float64, 1e-12)])
def test_a_decoder_layer_is_torchs(dtype, within):
    ours = DecoderLayer(P).to(dtype)
    theirs = torchs_decoder_layer(ours, dtype)
    y, z = normal(2, 4, 16, seed=0).to(dtype), normal(2, 5, 16, seed=1).to(dtype)
    padding = torch.tensor([[False] * 5, [False, False, True, True, True]])
    expected = theirs(y, z, tgt_mask=~causal_mask(4), memory_key_padding_mask=padding)
    torch.testing.assert_close(ours(y, z, causal_mask(4), ~padding[:, None]), expected, rtol=0, atol=within)


def test_the_whole_model_is_torchs_layers_between_one_matrix():
    model = Transformer(P, vocabulary=11, padding=0).double()
    encoder = [torchs_encoder_layer(layer) for layer in model.encoder]
    decoder = [torchs_decoder_layer(layer) for layer in model.decoder]
    source, target = torch.tensor([[3, 4, 5, 0], [6, 7, 0, 0]]), torch.tensor([[1, 2, 3], [1, 9, 10]])
    padding = source == 0
    z = 4 * model.E[source] + positional_encoding(4, 16)  # √16
    for layer in encoder:
        z = layer(z, src_key_padding_mask=padding)
    y = 4 * model.E[target] + positional_encoding(3, 16)
    for layer in decoder:
        y = layer(y, z, tgt_mask=~causal_mask(3), memory_key_padding_mask=padding)
    torch.testing.assert_close(model(source, target), y @ model.E.T)


def test_padding_changes_nothing():
    model = Transformer(P, vocabulary=11, padding=0).double()
    target = torch.tensor([[1, 5, 6]])
    padded = model(torch.tensor([[3, 4, 5, 0, 0]]), target)
    torch.testing.assert_close(padded, model(torch.tensor([[3, 4, 5]]), target))


def test_a_source_without_a_word_gives_numbers():
    model = Transformer(P, vocabulary=11, padding=0).double()
    assert model(torch.zeros(1, 3, dtype=torch.long), torch.tensor([[1, 5]])).isfinite().all()
    assert not padding_mask(torch.zeros(1, 3), padding=0).any()


def test_dropout_is_on_the_sums_and_the_sublayers_in_training_only():
    model = Transformer(Hyperparameters(N=1, d_model=16, d_ff=32, h=4, d_k=4, d_v=4, P_drop=0.5), vocabulary=11)
    tokens = torch.tensor([[3, 4, 5, 6]])
    assert 0.2 < (model.embed(tokens) == 0).double().mean() < 0.8
    assert not torch.equal(model(tokens, tokens), model(tokens, tokens))
    model.eval()
    assert torch.equal(model(tokens, tokens), model(tokens, tokens))


def test_dropout_meets_the_sublayer_before_the_sum():
    wrapped, x = AddAndNorm(8, 1.0).double(), normal(2, 3, 8, seed=0)
    torch.testing.assert_close(wrapped(x, lambda x: x.flip(-1)), wrapped.norm(x))
    wrapped.eval()
    torch.testing.assert_close(wrapped(x, lambda x: x.flip(-1)), wrapped.norm(x + x.flip(-1)))


def test_what_comes_first_has_variance_one():
    model = Transformer(Hyperparameters(N=0, d_model=256), vocabulary=1000, positions=False).eval()
    assert model.embed(torch.arange(1000)[None]).var().item() == pytest.approx(1, abs=0.02)


def test_greedy_takes_the_likeliest_word_each_time():
    model = Transformer(P, vocabulary=11).double()
    source = torch.tensor([[3, 4, 5], [6, 7, 8]])
    found = greedy(model, source, start=1, length=4)
    assert found.shape == (2, 4)
    before = torch.cat([torch.ones(2, 1, dtype=torch.long), found[:, :-1]], dim=1)
    assert torch.equal(model(source, before).argmax(dim=-1), found)
