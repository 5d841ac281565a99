"""Disclosed incentives: what must match, what must not, in any case, accents and apostrophes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakedetect.incentives import PHRASES, STEMS, TALK, Phrase, found, phrase

CORPORA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
MOST_PER_MILLION = 20
"""No corpus here is known to hold disclosures beyond a few; more would mean that a phrase has become loose."""

ASCII = st.characters(min_codepoint=32, max_codepoint=126)
INNOCENT = (
    "this is not sponsored",
    "#notsponsored just love",
    "pas sponsorisé",
    "non sponsorisé",
    "ce n'est pas une pub",
    "Cet avis n'est pas #sponsorisé",
    "is this an ad?",
    "Did they pay for it? Is it #sponsored or what ?",
    "fake reviews in exchange for free products are a shame",
    "People say I received this product for free in exchange for my honest review.",
    'Half of them begin with "I received this product for free in exchange for my honest review"',
    "« J'ai reçu ce produit gratuitement » : toujours la même histoire",
    "> I received this product for free.\nhow convenient",
    "RT @brand I love this #ad",
    "If I had received this product for free I would say so",
    "I wish I received this product for free",
    "They offered me a discount in exchange for removing my honest review",
    "Ils m'ont proposé un bon d'achat en échange de mon avis positif",
    "they offered us a refund",
    "They gave us a refund in return for the bad review",
    "They gave me a voucher in exchange for taking down my review",
    "livraison gratuite",
    "free delivery",
    "free wifi",
    "parking gratuit",
    "un dessert offert par la maison",
    "boisson offerte",
    "J'ai reçu un produit gratuit pour deux achetés",
    "I received a free drink while waiting, the rest of my review follows",
    "I got the item for free as a replacement",
    "I got points for this season",
    "how did i get 32 points for saying it",
    "I got 300 points for my comment",
    "This comment was paid for by the chess club",
    "10% off for seniors",
    "they gave me a free sample of it to try",
    "the match points",
    "add",
    "ads everywhere",
    "#adidas",
    "#adventure",
    "#publique",
    "you need to use #ad",
    "you forgot the #ad",
    "see where it says #paidpartnership",
    "tu as oublié le #partenariat",
    "so much talent #gifted",
    "#ad",
    "@somebody #sponsored!",
    "great night #pub #beer",
    "Je participe à la manifestation",
    "I was invited by a friend to try it",
)
DISCLOSING = (
    ("#ad a lovely place", "#ad"),
    ("A lovely place #sponsored", "#sponsored"),
    ("I earned 50 points for saying it: lovely", "I earned 50 points for saying it"),
    ("Lovely (j’ai gagné des points pour ce commentaire)", "j’ai gagné des points pour ce commentaire"),
    ("Très bien. Produit offert contre mon avis : solide.", "Produit offert contre mon avis"),
    ("Not cheap! I received this product at no cost in exchange for my unbiased opinion.",
     "I received this product at no cost in exchange for my unbiased opinion"),
    ("Solide ! J'ai  reçu ce produit\u00a0gratuitement ; rien à redire.", "J'ai reçu ce produit gratuitement"),
    ("The publisher sent me a copy in exchange for an honest review.",
     "publisher sent me a copy in exchange for an honest review"),
    ("Lu dans le cadre d'une masse critique, et aimé", "Lu dans le cadre d'une masse critique"),
    ("Is it good? Yes. #gifted and later #ad", "#gifted"),
    ("This is no #ad. But that is: my dear #sponsored", "#sponsored"),
)


def named(p: Phrase) -> str:
    return p.example


@pytest.mark.parametrize("known", PHRASES, ids=named)
def test_each_phrase_matches_its_example_and_nothing_its_counter_example(known: Phrase) -> None:
    own = pc.match_substring_regex(pa.array([_plain(known.example)]), known.pattern.replace(" ", r"\s+"))
    assert own[0].as_py(), "the example must match this very phrase"
    assert found(pa.array([known.example, known.counter_example])).to_pylist() == [True, False]
    words = phrase(known.example)
    assert words and words in " ".join(known.example.split())
    assert phrase(known.counter_example) is None


@pytest.mark.parametrize("text", INNOCENT)
def test_denials_talk_of_others_and_courtesies_do_not_match(text: str) -> None:
    assert found(pa.array([text])).to_pylist() == [False]


@pytest.mark.parametrize(("text", "words"), DISCLOSING)
def test_the_words_that_disclose_are_those_of_the_text(text: str, words: str) -> None:
    assert phrase(text) == words


@settings(deadline=None)
@given(
    st.sampled_from(PHRASES),
    st.sampled_from((str, str.upper, str.lower, str.title)),
    st.sampled_from(("NFC", "NFD")),
    st.sampled_from(("'", "’", "`", "ʼ")),
    st.sampled_from((" ", "\u00a0", "\u202f", "\n ", "  ")),
)
def test_case_accents_apostrophes_and_blanks_do_not_matter(known: Phrase, case, form, apostrophe, blank) -> None:  # type: ignore[no-untyped-def]
    texts = [
        unicodedata.normalize(form, case(t)).replace("'", apostrophe).replace("’", apostrophe).replace(" ", blank)
        for t in (known.example, known.counter_example)
    ]
    assert found(pa.array(texts)).to_pylist() == [True, False]
    assert phrase(texts[0]) is not None


@settings(deadline=None)
@given(st.data(), st.sampled_from(PHRASES))
def test_whatever_a_phrase_matches_passes_the_stems(data: st.DataObject, known: Phrase) -> None:
    text = data.draw(st.from_regex(known.pattern, fullmatch=True, alphabet=ASCII))
    assert pc.match_substring_regex(pa.array([text]), "|".join(STEMS), ignore_case=True)[0].as_py()


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(PHRASES))
def test_what_is_shown_stands_in_the_text(around: str, known: Phrase) -> None:
    text = f"{around}\n{known.example}"
    words = phrase(text)
    assert (words is not None) == found(pa.array([text]))[0].as_py()
    assert words is None or words in " ".join(text.split())


def test_null_in_null_out_in_arrays_and_chunks() -> None:
    texts = [None, "#ad lovely", "", None, "lovely"]
    want = [None, True, False, None, False]
    assert found(pa.array(texts, pa.string())).to_pylist() == want
    assert found(pa.array(texts, pa.large_string())).to_pylist() == want
    assert found(pa.chunked_array([texts[:2], [], texts[2:]], pa.string())).to_pylist() == want
    assert found(pa.chunked_array([], pa.string())).type == pa.bool_()


@pytest.mark.parametrize(
    "piece", ["i received a free ", "not ", '"a', "? ", "a\u0315\u0300", "#ad", "(produit ", "é", "\n>"]
)
def test_a_hostile_text_of_a_megabyte_gets_its_answer(piece: str) -> None:
    """Nested counts, denials, quotes and unsorted accents would take hours where an engine goes back."""
    much = piece * (1_000_000 // len(piece))
    last = "\nIt is good. I received this product for free in exchange for my honest review."
    assert found(pa.array([much, much + last])).to_pylist() == [False, True]


def test_registries_hold_no_entry_twice() -> None:
    assert len({p.pattern for p in PHRASES}) == len(PHRASES) and len({p.example for p in PHRASES}) == len(PHRASES)
    assert {p.lang for p in PHRASES} == {"en", "fr"}
    assert {p.kind for p in PHRASES} == {"reward", "free_product", "paid", "invited"}
    assert len(set(STEMS)) == len(STEMS) and len(set(TALK)) == len(TALK)


@pytest.mark.corpora
def test_matches_are_rare_where_few_disclose() -> None:
    n = hits = 0
    for path in sorted(CORPORA.glob("dumps/*/comments.parquet")):
        texts = pq.read_table(path, columns=["text"])["text"]
        n += len(texts)
        hits += pc.sum(found(texts)).as_py() or 0
    assert n > 1_000_000 and hits <= MOST_PER_MILLION * n / 1e6


def _plain(text: str) -> str:
    """What folding makes of a short Latin text, by other means."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return text.replace("’", "'")
