"""What the tablet's worker keeps."""

import hashlib
import json
import re

import anyio
import httpx
from starlette.applications import Starlette

from dashboard.map import files
from dashboard.server import room_files
from dashboard.server.addresses import TABLET_PAGE, WORKER
from dashboard.server.room_files import ROOMS
from dashboard.tablet import routes
from dashboard.tablet.routes import _files


def test_the_worker_names_every_file_with_the_digest_of_what_is_served():
    app = Starlette(routes=[*room_files.ROUTES, *files.ROUTES, *routes.ROUTES])

    async def asking() -> tuple[dict[str, str], dict[str, str]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://so-giam-sat") as client:
            worker = (await client.get(WORKER)).text
            named = json.loads(re.search(r"^const FILES = (.*);$", worker, re.MULTILINE)[1])
            return named, {one: hashlib.sha256((await client.get(one)).content).hexdigest() for one in named}

    named, served = anyio.run(asking)
    assert named == served and TABLET_PAGE in named


def test_every_script_that_a_kept_script_imports_is_kept():
    kept = {name.partition("?")[0] for name in _files()}
    for name in kept:
        if name.startswith("/assets/") and name.endswith(".js"):
            file = ROOMS / name.removeprefix("/assets/")
            for told in re.findall(r'^import .* from "(\..*)";$', file.read_text(encoding="utf-8"), re.MULTILINE):
                assert f"/assets/{(file.parent / told).resolve().relative_to(ROOMS).as_posix()}" in kept, (name, told)
