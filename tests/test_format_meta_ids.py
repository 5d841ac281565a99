"""Addresses and ids of Facebook, as its exports write them: what they name, and what lasts in them."""

from __future__ import annotations

import base64

import pytest

from fakedetect.readers.facebook import account_in, node, page_in, post_in

FB = "https://www.facebook.com"


@pytest.mark.parametrize(("address", "post", "page"), [
    (f"{FB}/bols/posts/123", "123", "bols"),
    (f"{FB}/Bols/posts/une-tasse/123/?locale=fr_FR", "123", "bols"),
    (f"{FB}/bols/posts/pfbid02Abc", None, "bols"),
    (f"{FB}/groups/77/permalink/123/", "123", "77"),
    (f"{FB}/bols/videos/123/", "123", "bols"),
    (f"{FB}/watch/?v=123", "123", None),
    (f"{FB}/reel/123", "123", None),
    ("https://m.facebook.com/photo.php?fbid=123&set=a.9", "123", None),
    (f"{FB}/bols/photos/a.1.2/123/?type=3", "123", "bols"),
    (f"{FB}/permalink.php?story_fbid=123&id=77", "123", "77"),
    (f"{FB}/profile.php?id=77", None, "77"),
    ("https://notfacebook.com/bols/posts/123", None, None),
    ("http://[", None, None),
    ("", None, None),
])
def test_what_an_address_names(address, post, page):
    assert (post_in(address), page_in(address)) == (post, page)


@pytest.mark.parametrize(("address", "account"), [
    (f"{FB}/lena.ferrand?comment_id=x", f"{FB}/lena.ferrand"),
    (f"{FB}/Lena.Ferrand/", f"{FB}/lena.ferrand"),
    (f"{FB}/profile.php?id=100077", "100077"),
    (f"{FB}/people/Iris-Novak/100078/", "100078"),
    (f"{FB}/people/Iris-Novak/pfbid02Iris/", None),
    (FB, None), ("lena", None), (None, None),
])
def test_what_lasts_in_the_address_of_a_profile(address, account):
    assert account_in(address) == account


@pytest.mark.parametrize(("plain", "told"), [
    (b"comment:900_700", ("900", "700")), (b"feedback:900", ("900", None)), (b"comment:x", (None, None)),
    (b"comment:\xff", (None, None))])
def test_ids_of_the_graph(plain, told):
    assert node(base64.b64encode(plain).decode()) == told
    assert node(base64.b64encode(plain).decode()[:-3] + "~") == (None, None)
