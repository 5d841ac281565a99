"""Who may see and enter anything: checks on every request, and what every answer forbids the browser.

The page is for people at this machine. Other programs, other users of it and pages of strangers in the same browser are
not: an address without a reviewer's token is not found, whatever it is; a request under another host name (DNS
rebinding) is refused; what changes anything must come from a form of this very page (token in it, Origin, type).
There is no cookie, so a browser never vouches for a request by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    LengthRequired,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Request, Response

from fakedetect.review_app import wording as w
from fakedetect.words import Text

MAX_BODY = 64 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
                               "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Misdirected(HTTPException):
    """A request under a host name that is not this page's."""

    code = 421
    description = f"{w.OUT_HOST.en}\n{w.OUT_HOST.fr}"


@dataclass(frozen=True)
class Reviewer:
    """One person, known by a token that stands in all addresses of theirs; new at every start."""

    name: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def csrf(self) -> str:
        """What each form of this reviewer's pages carries."""
        return hmac.new(self._secret, self.token.encode(), hashlib.sha256).hexdigest()


class Page(Request):
    """A request with bounds on what it may carry."""

    max_content_length = MAX_BODY
    max_form_memory_size = MAX_BODY
    max_form_parts = 50


def admit(request: Page, reviewers: Sequence[Reviewer], port: int) -> tuple[Reviewer, str]:
    """Who asks, and the path behind the token. Raises HTTPException for everybody else."""
    host = request.environ.get("HTTP_HOST", "")
    if host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise Misdirected
    _, _, rest = request.path.partition("/")
    given, slash, path = rest.partition("/")
    # Every token is compared, in constant time, so that the time tells nothing about any of them.
    matches = [r for r in reviewers if hmac.compare_digest(r.token.encode(), given.encode("utf-8", "replace"))]
    if not matches or not slash:
        raise NotFound(_both(w.OUT_TOKEN))
    if request.method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowed(["GET", "HEAD", "POST"])
    if request.method == "POST":
        _check_form(request, matches[0], host)
    return matches[0], path


def _check_form(request: Page, reviewer: Reviewer, host: str) -> None:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType(_both(w.OUT_TYPE))
    if request.content_length is None:
        raise LengthRequired(_both(w.OUT_TYPE))
    if request.content_length > MAX_BODY:
        raise RequestEntityTooLarge(_both(w.OUT_LONG))
    if request.headers.get("Origin") != f"http://{host}":
        raise Forbidden(_both(w.OUT_OTHER))
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden(_both(w.OUT_OTHER))
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), reviewer.csrf.encode()):
        raise Forbidden(_both(w.OUT_STALE))


def _both(text: Text) -> str:
    """A sentence for somebody of whom nothing is known, not even the language."""
    return f"{text.en}\n{text.fr}"


def sealed(response: Response) -> Response:
    """The answer with the headers that every answer bears."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
