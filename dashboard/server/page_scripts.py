"""The scripts that stand on every page of ours, and the version by which a page knows that they are its own."""

import json
import zlib
from functools import cache
from html import escape
from pathlib import Path

from dashboard.server.addresses import OF_SCRIPTS


@cache
def page_version() -> str:
    """The version of the page's own scripts, by their content: a tablet says with each call which one it runs."""
    scripts = sorted(Path(__file__).parents[1].rglob("*.js"))
    addresses = json.dumps(OF_SCRIPTS).encode()
    return f"{zlib.crc32(b''.join(path.read_bytes() for path in scripts) + addresses):08x}"


def script(name: str, more: str = "") -> str:
    """The element of a classic script "room/file" of the rooms, with further attributes in `more`."""
    return f'<script src="/assets/{name}.js?v={page_version()}"{more} defer></script>'


@cache
def outbox_script() -> str:
    """The element of the outbox. It carries the addresses that our scripts go to, which have no other home there."""
    return script("form/outbox", f' data-addresses="{escape(json.dumps(OF_SCRIPTS))}"')
