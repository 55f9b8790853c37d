"""Citation keys: surname, year, first word that says something."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.citing.citation import citation_key, distinct_key
from threepass.fields import CITATION_KEY


@pytest.mark.parametrize(
    ("author", "year", "title", "key"),
    [
        ("Mukund Sundararajan", 2017, "Axiomatic Attribution for Deep Networks", "sundararajan2017axiomatic"),
        ("S. Keshav", 2007, "How to Read a Paper", "keshav2007how"),
        ("Ashish Vaswani", 2017, "Attention Is All You Need", "vaswani2017attention"),
        ("Dzmitry Bahdanau", 2014, "Neural Machine Translation by Jointly Learning", "bahdanau2014neural"),
        ("Minh-Thang Luong", 2015, "Effective Approaches to Attention-based NMT", "luong2015effective"),
        ("Ilya Sutskever", 2014, "Sequence to Sequence Learning", "sutskever2014sequence"),
        ("Jingqing Zhang", 2019, "PEGASUS: Pre-training with Extracted Gap-sentences", "zhang2019pegasus"),
        ("Nicholas Carlini", 2020, "Extracting Training Data", "carlini2020extracting"),
        ("Alexey Dosovitskiy", 2020, "An Image is Worth 16x16 Words", "dosovitskiy2020image"),
    ],
)
def test_a_key_is_surname_year_and_word(author, year, title, key):
    assert citation_key([author, "Somebody Else"], year, title) == key


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Aäron van den Oord", "vandenoord"),
        ("Laurens van der Maaten", "vandermaaten"),
        ("Peter H. N. de With", "dewith"),
        ("Wim Van den Broeck", "vandenbroeck"),
        ("Nguyen Van Hai", "hai"),  # a middle name, as nothing else speaks for a particle
        ("van den Oord, Aäron", "vandenoord"),
        ("Jürgen Schmidhuber", "schmidhuber"),
        ("Thomas Müller", "muller"),
        ("Georg Groß", "gross"),
        ("Søren Bjørnskov", "bjornskov"),
        ("Łukasz Kałamarski", "kalamarski"),
        ("Pál Erdős", "erdos"),
        ("Pa\u0301l Erdo\u030bs", "erdos"),  # the accents as characters of their own
        ("P{\\'a}l Erd{\\H o}s", "erdos"),
        ('Kurt G{\\"o}del', "godel"),
        ("Jørgen {\\O}sterg{\\aa}rd", "ostergaard"),
        ("Shai Ben-David", "bendavid"),
        ("Seán O’Brien", "obrien"),
        ("Jean le Rond d'Alembert", "dalembert"),
        ("John Smith Jr.", "smith"),
        ("John Smith, Jr.", "smith"),
        ("John Smith III", "smith"),
        ("Smith, John", "smith"),
        ("Smith, Jr., John", "smith"),
        ("Xiaodan Liang (Sun Yat-sen University)", "liang"),
        ("Yoshua Bengio", "bengio"),
        ("Plato", "plato"),
        ("bell hooks", "hooks"),
        ("ATLAS Collaboration", "atlas"),
        ("The LIGO Scientific Collaboration", "ligo"),
        ("Planck Collaboration: P. A. R. Ade", "planck"),
        ("Gemini Team", "gemini"),
        ("Team GLM", "glm"),
        ("H1 Collaboration", "h1"),
        ("DeepSeek-AI", "deepseekai"),
        ("Dirk WÃ¼bben", "wabben"),  # an encoding broken at the source still makes a file name
    ],
)
def test_the_surname_of_any_author(name, surname):
    assert citation_key([name], 2020, "Title") == f"{surname}2020title"


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("A Theory", "theory"),
        ("On the Opportunities and Risks", "opportunities"),
        ("Are Sixteen Heads Really Better than One?", "sixteen"),
        ("Do Transformers Really Perform Bad?", "transformers"),
        ("“Why Should I Trust You?”: Explaining", "why"),
        ("What Does BERT Look At?", "what"),
        ("Don't Decay the Learning Rate", "dont"),
        ("Occam's Razor", "occam"),
        ("Pre-training of Deep", "pretraining"),
        ("x-vectors", "xvectors"),
        ("3D Gaussian Splatting", "gaussian"),
        ("C. elegans", "elegans"),
        ("Über die spezielle", "uber"),
        ("$\\beta$-VAE: Learning Basic Visual Concepts", "vae"),
        ("$k$-means clustering", "means"),
        ("$\\mathcal{N}=4$ Super Yang-Mills", "super"),
        ("\\(O(n)\\) Sorting", "sorting"),
        ("\\emph{Deep} Nets", "deep"),
        ("\\textbf{{BERT}}: more", "bert"),
        ("{BERT}: more", "bert"),
        ('Schr{\\"o}dinger Bridges', "schrodinger"),
        ("$E = mc^2$", "mc"),  # nothing but a formula
        ("注意力机制", "untitled"),
        ("", "untitled"),
    ],
)
def test_the_word_of_any_title(title, word):
    assert citation_key(["Ada Lovelace"], 2020, title) == f"lovelace2020{word}"


def test_an_author_without_latin_letters_gives_way_to_the_next():
    assert citation_key([":", "王伟", "Yang Liu"], 2024, "Models") == "liu2024models"
    assert citation_key(["王伟"], 2024, "Models") == "anonymous2024models"
    assert citation_key([], 2024, "Models") == "anonymous2024models"


@given(st.lists(st.text()), st.integers(1900, 2099), st.text())
def test_whatever_comes_in_is_a_citation_key_of_a_note(authors, year, title):
    assert re.fullmatch(CITATION_KEY, citation_key(authors, year, title))


def test_a_key_that_is_taken_gets_a_letter():
    assert distinct_key("liu2024models", set()) == "liu2024models"
    assert distinct_key("liu2024models", {"liu2024models"}) == "liu2024modelsa"
    assert distinct_key("liu2024models", {"liu2024models", "liu2024modelsa"}) == "liu2024modelsb"
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert distinct_key("k", ["k", *(f"k{x}" for x in letters)]) == "kaa"
