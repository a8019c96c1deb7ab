"""Routes of our own: each in one row with its rule of access. A plain route is for everybody who is signed in."""

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope


class Open:
    """Marks a route that answers to somebody who is not signed in too."""


class OpenRoute(Open, Route):
    """A route that is open to everybody."""


class OpenMount(Open, Mount):
    """A folder or app that is open to everybody."""


def route_of(routes: list[BaseRoute], scope: Scope) -> BaseRoute | None:
    """The route of ours that answers `scope`, whatever its method; None where the path is none of ours."""
    return next((route for route in routes if route.matches(scope)[0] is not Match.NONE), None)


def first_segment(path: str) -> str:
    """The first word of a path: "link" of /link/{token}."""
    return path.split("/", 2)[1] if path.startswith("/") else ""
