"""What the start prints: where the app is found and the first administrator's link, or why there is no app.

Streamlit's own lines are switched off (.streamlit/config.toml): to name an address it asks a server on the internet.
"""

import os
import socket
import sys
from typing import NoReturn

import streamlit as st

ANYWHERE = ("", "0.0.0.0", "::")
# An address kept for documentation (RFC 5737). Nothing is sent to it: the machine only says which of its own it would
# send from.
FAR_AWAY = ("192.0.2.1", 9)


def greet(link: str | None) -> None:
    """Print the addresses and, where there is one, the path `link` as a whole address. Both languages: nobody has
    signed in yet.
    """
    here = st.get_option("server.address") or ""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    root = f"{scheme}://{'localhost' if here in ANYWHERE else here}:{st.get_option('server.port')}"
    lines = ["", f"  Sổ giám sát: {root}"]
    network = _own_address() if here in ANYWHERE else None
    if network:
        lines.append(
            f"  Máy tính bảng trong cùng mạng / Tablets in the same network: {scheme}://{network}:{st.get_option('server.port')}"
        )
    if link:
        lines += ["", "  Tạo tài khoản quản trị đầu tiên / Make the first administrator:", f"  {root}{link}"]
    _print("\n".join(lines) + "\n\n")


def end(why: str) -> NoReturn:
    """End the process with one sentence. The server would add pages of its own about a start that failed."""
    _print(f"\n  {why}\n\n")
    os._exit(1)


def _print(text: str) -> None:
    # A log on Windows may be written in a code page without Vietnamese letters: better a question mark than no start.
    sys.stdout.reconfigure(errors="replace")
    sys.stdout.write(text)
    sys.stdout.flush()


def _own_address() -> str | None:
    """This machine's address in its network; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(FAR_AWAY)
        except OSError:
            return None
        return probe.getsockname()[0]
