"""Routes of our own: each in one row with its rule of access. A plain route is for everybody who is signed in."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope


class Open:
    """Marks a route that answers to somebody who is not signed in too."""


class OpenRoute(Open, Route):
    """A route that is open to everybody."""


class OpenMount(Open, Mount):
    """A folder or app that is open to everybody."""


class LargeRoute(Route):
    """A route for who is signed in that takes a file: a body of `most` bytes at most, more than any other call has."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], *, methods: list[str], most: int):
        super().__init__(path, endpoint, methods=methods)
        self.most = most


def route_of(routes: list[BaseRoute], scope: Scope) -> BaseRoute | None:
    """The route of ours that answers `scope`; where its path is ours and its method is not, the first of that path;
    None where the path is none of ours.
    """
    matches = [(route, route.matches(scope)[0]) for route in routes]
    whole = next((route for route, match in matches if match is Match.FULL), None)
    return whole or next((route for route, match in matches if match is Match.PARTIAL), None)


def first_segment(path: str) -> str:
    """The first word of a path: "link" of /link/{token}."""
    return path.split("/", 2)[1] if path.startswith("/") else ""
