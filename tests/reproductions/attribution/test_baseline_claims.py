import torch

from reproductions.attribution import baseline_claims
from reproductions.attribution.reading import read_text
from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import held_out_sentences


def test_the_other_sentence_says_next_to_nothing_for_the_label_and_keeps_the_frame():
    for sentence in held_out_sentences()[::40]:
        reading = read_text(emotion_classifier(), sentence.text)
        start = baseline_claims._of_another_emotion(reading)
        own = reading.embeddings(reading.ids)
        assert start.shape == own.shape
        assert torch.equal(start[0, reading.special], own[0, reading.special])
        output = reading.classifier.model(inputs_embeds=start, attention_mask=reading.mask)
        assert output.logits.softmax(dim=1)[0, reading.target] < baseline_claims.ELSEWHERE


def test_the_text_without_words_is_all_padding_between_the_special_tokens():
    reading = read_text(emotion_classifier(), "I laughed.")
    start = baseline_claims._without_words(reading)
    assert not start[0, ~reading.special].any()
    assert start[0, reading.special].any(dim=1).all()
