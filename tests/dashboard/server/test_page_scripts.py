"""What a page hands to its scripts: the outbox, and with it every address that they go to."""

import json
import re
from html import unescape

from dashboard.server.addresses import OF_SCRIPTS
from dashboard.server.page_scripts import outbox_script
from dashboard.server.room_files import ROOMS

ADDRESS = re.compile(r"""["'`](/[\w.-][\w./-]*)""")
FILES = ("/assets/", "/assets-leaflet/")
"""Files are named by where they lie; everything else is an address that may change."""


def test_the_outbox_carries_every_address_once():
    told = re.search(r'data-addresses="([^"]+)"', outbox_script())
    assert told and json.loads(unescape(told[1])) == OF_SCRIPTS
    assert len(set(OF_SCRIPTS.values())) == len(OF_SCRIPTS)


def test_no_script_knows_an_address_of_its_own():
    found = [
        (path.name, address)
        for path in ROOMS.rglob("*.js")
        for address in ADDRESS.findall(path.read_text(encoding="utf-8"))
        if not address.startswith(FILES)
    ]
    assert found == []


def test_every_address_that_a_script_names_is_handed_to_it():
    named = {
        name
        for path in ROOMS.rglob("*.js")
        for name in re.findall(r"(?:ADDRESSES|addresses)\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert named == set(OF_SCRIPTS)
