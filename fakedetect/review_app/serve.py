"""The page on this machine's loopback address, until it is stopped."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from fakedetect.errors import UsageError
from fakedetect.review_app.case import Case
from fakedetect.review_app.guard import Reviewer
from fakedetect.review_app.site import Site
from fakedetect.words import Lang

LOOPBACK = "127.0.0.1"
IDLE_S = 30


class _Handler(WSGIRequestHandler):
    """Says nothing about itself, and logs no address: a token stands in each."""

    timeout = IDLE_S

    def version_string(self) -> str:
        return "fakedetect"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing is logged."""


def server(case: Case, reviewers: Sequence[str], *, port: int = 0, lang: Lang = "en",
           blind: int = 0) -> tuple[BaseWSGIServer, dict[str, str]]:
    """A server for the case, bound to loopback but not yet running, and each reviewer's link. port 0: a free one;
    blind: how many flagged accounts a blind trial shows, 0 for none. Raises UsageError where the port is taken."""
    people = [Reviewer(name) for name in reviewers]
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as opened:
        # Elsewhere than on Windows this only allows a port whose last connections still linger.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(sys.platform != "win32"))
        try:
            opened.bind((LOOPBACK, port))
        except OSError as error:
            raise UsageError(f"port {port} cannot be used: {error.strerror}",
                             hint="--port 0 takes a free one") from error
        opened.listen()
        port = opened.getsockname()[1]
        site = Site(case, people, port=port, lang=lang, blind_n=blind)
        # The server takes a copy of the open socket: nobody can take the port in between.
        made = make_server(LOOPBACK, port, site, threaded=True, request_handler=_Handler, fd=opened.fileno())
    return made, {r.name: f"http://{LOOPBACK}:{port}/{r.token}/{lang}/" for r in people}
