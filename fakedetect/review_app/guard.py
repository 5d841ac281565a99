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
    BadRequest,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Request, Response

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
    description = "This page answers under the address that it was started with, and no other."


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
        raise NotFound("Not found. Use the link that fakedetect review printed.")
    if request.method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowed(["GET", "HEAD", "POST"])
    if request.method == "POST":
        _check_form(request, matches[0], host)
    return matches[0], path


def _check_form(request: Page, reviewer: Reviewer, host: str) -> None:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("A form of this page was expected.")
    if request.content_length is None:
        raise BadRequest("A form says how long it is.")
    if request.content_length > MAX_BODY:
        raise RequestEntityTooLarge("The form is too long.")
    if request.headers.get("Origin") != f"http://{host}":
        raise Forbidden("The form came from another page.")
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden("The form came from another page.")
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), reviewer.csrf.encode()):
        raise Forbidden("The form is not one of this page, or fakedetect review was started anew since.")


def sealed(response: Response) -> Response:
    """The answer with the headers that every answer bears."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
