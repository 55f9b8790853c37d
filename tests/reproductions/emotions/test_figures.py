"""What the classifier answers, counted for its figure."""

from reproductions.emotions.figures import answers_by_emotion
from reproductions.emotions.sentences import EMOTIONS


def test_answers_are_counted_by_the_emotion_that_was_meant() -> None:
    sadness, joy, love = (EMOTIONS.index(name) for name in ("sadness", "joy", "love"))
    right, mistaken = answers_by_emotion([joy, joy, joy, joy, love], [joy, love, love, sadness, love])
    assert right == [int(each in (joy, love)) for each in range(len(EMOTIONS))]
    assert mistaken[joy] == {love: 2, sadness: 1}
    assert mistaken[joy].most_common(1) == [(love, 2)]
    assert not mistaken[love]
