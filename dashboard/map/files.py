"""The map's files, served by this app: Leaflet and jQuery from their Python packages, and our script with the style.

Nothing of the map comes from the internet. The style sheets are put in by our script, which the map awaits;
a plain link would not be awaited, and the map would be drawn without its measures.
"""

import json
import zlib
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from xstatic.pkg import jquery, leaflet

from dashboard.server.routing import OpenMount

HERE = Path(__file__).parent
FOLDERS = {"leaflet": Path(leaflet.BASE_DIR), "jquery": Path(jquery.BASE_DIR)}


def _own_script() -> bytes:
    """Our script, the style sheets in it."""
    style = (
        (FOLDERS["leaflet"] / "leaflet.css")
        .read_text(encoding="utf-8")
        .replace("url(images/", "url(/assets-leaflet/images/")
    )
    style += (HERE / "map.css").read_text(encoding="utf-8")
    put_in = (
        f'{{const s = document.createElement("style"); s.textContent = {json.dumps(style)};'
        " document.head.append(s);}\n"
    )
    return (put_in + (HERE / "map.js").read_text(encoding="utf-8")).encode()


SCRIPT = _own_script()
# The address changes with the content, so that a browser may keep it for good.
SCRIPT_PATH = f"/assets-map/{zlib.crc32(SCRIPT):08x}.js"
LINKS = ("/assets-leaflet/leaflet.js", SCRIPT_PATH, "/assets-jquery/jquery.slim.min.js")
"""What a map page loads, in this order."""


async def _script(request: Request) -> Response:
    return Response(
        SCRIPT, media_type="text/javascript", headers={"cache-control": "private, max-age=31536000, immutable"}
    )


PACKED = [Middleware(GZipMiddleware, minimum_size=1000)]
ROUTES = [
    *(
        OpenMount(f"/assets-{name}", StaticFiles(directory=folder), middleware=PACKED)
        for name, folder in FOLDERS.items()
    ),
    Route(SCRIPT_PATH, _script, middleware=PACKED),
]
