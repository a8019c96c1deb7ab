"""Headers that every page carries: what a browser may load, run and show for it."""

import base64
import hashlib
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from data_model.core import settings

PAGE_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
POLICY = "content-security-policy"
NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For what is no page of ours: should a browser take it for one, it loads and runs nothing."""
PLAIN = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
"""For the pages before Streamlit: files of this site, no script and no style in the page."""

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def digests_of_scripts(page: str) -> list[str]:
    """The scripts that stand in `page` itself, as a policy names them. They are Streamlit's: ours are files."""
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in _INLINE.findall(page)
    ]


def source_of_tiles() -> str:
    """Where the settings name background tiles: one more source of pictures, with the blank before it."""
    tiles = urlsplit(settings.tiles() or "")
    # "{s}" in an address of tiles stands for one of several hosts.
    return f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}" if tiles.netloc else ""


def app_policy(scope: Scope, scripts: list[str]) -> str:
    """For a page of Streamlit. It writes its styles into the page, loads components' scripts as blobs and reads
    messages by WebAssembly.
    """
    host = Headers(scope=scope).get("host", "")
    # Older browsers do not count the live connection among what 'self' means.
    live = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {' '.join(scripts)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{source_of_tiles()}",
            "font-src 'self' data:",
            f"connect-src 'self'{live}",
            "frame-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def component_policy() -> str:
    """For the map's own frame, which its library fills with scripts that it writes itself and evaluates."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{source_of_tiles()}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )
