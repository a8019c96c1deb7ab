"""What the tests of the interface begin with: Vietnamese, whatever the test before spoke."""

import pytest

from dashboard.i18n import words


@pytest.fixture(autouse=True)
def in_vietnamese():
    """Each test speaks Vietnamese until it says otherwise."""
    words.speak("vi")
