"""A short run of the random lives of a tablet; `make bench` runs a thousand."""

import pytest

from tests.browser.faulty_line import line_to
from tests.browser.outbox_model import live
from tests.browser.server import free_port

pytestmark = pytest.mark.browser
LIVES = 10


def test_what_was_pressed_is_on_the_server_once_or_on_the_tablet(staffed, browser, tmp_path):
    with line_to(staffed.address, free_port()) as line:
        pressed = sum(live(staffed, line, browser, tmp_path, seed) for seed in range(LIVES))
        assert pressed > LIVES, "too little happened"
        assert len(line.met) > 5, "too few faults were met"
