"""What a request says about the device it comes from. Only for showing a person their own sign-ins: nothing is decided
by it.

The address and the scheme behind a proxy are uvicorn's work: it believes X-Forwarded-For and X-Forwarded-Proto
only from the proxies that the setting FORWARDED_ALLOW_IPS names (this machine where it is not set).
"""

from starlette.requests import HTTPConnection

# Looked for in this order: Edge and Samsung's browser call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(connection: HTTPConnection) -> str:
    """Browser and system, for example "Chrome, Android"; "" where it does not say."""
    agent = connection.headers.get("user-agent", "")
    named = (next((name for mark, name in marks if mark in agent), None) for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, named))


def address_of(connection: HTTPConnection) -> str:
    """The visitor's network address."""
    return connection.client.host if connection.client else ""


def is_https(connection: HTTPConnection) -> bool:
    """Whether the browser speaks https with us, or with the proxy that we trust."""
    return connection.url.scheme in ("https", "wss")
