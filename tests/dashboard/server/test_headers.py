"""What a page's policy lets a browser load."""

import pytest

from dashboard.server import headers
from dashboard.tablet import routes as tablet


@pytest.mark.parametrize(
    ("template", "source"),
    [
        ("", ""),
        ("https://ban-do.example/{z}/{x}/{y}.png", " https://ban-do.example"),
        ("https://{s}.ban-do.example:8443/{z}/{x}/{y}.png?key=a;b", " https://*.ban-do.example:8443"),
    ],
)
def test_every_page_with_a_map_may_show_the_tiles_that_the_settings_name_and_no_other_pictures(
    monkeypatch, template, source
):
    monkeypatch.setenv("SO_GIAM_SAT_TILES", template)
    pages = (
        headers.component_policy(),
        headers.app_policy({"type": "http", "headers": []}, []),
        tablet.CSP.format(tiles=headers.source_of_tiles()),
    )
    for policy in pages:
        [pictures] = [each.strip() for each in policy.split(";") if each.strip().startswith("img-src ")]
        assert set(pictures.split()) == {"img-src", "'self'", "data:", "blob:", *source.split()}
