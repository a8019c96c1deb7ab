"""Choosing one file from the device: a text, or any file as its bytes."""

import base64
import binascii
from dataclasses import dataclass

import streamlit as st

from dashboard.i18n.words import _
from dashboard.ui.component import component


@dataclass(frozen=True)
class ChosenFile:
    """A file's name and its text as the browser read it; its bytes in base64 where these were asked for."""

    name: str
    text: str

    @property
    def content(self) -> bytes:
        """The bytes of a file that was asked for as bytes; none for what a browser could not have sent."""
        try:
            return base64.b64decode(self.text, validate=True)
        except (binascii.Error, ValueError):
            return b""


def choose_file(label: str, key: str, accept: str, most_bytes: int, as_bytes: bool = False) -> None:
    """Ask for a file of the kinds that `accept` names. It stays in the session until `forget_file`."""

    def hear() -> None:
        told = st.session_state[key].chosen
        if told:
            st.session_state[_kept(key)] = ChosenFile(str(told["name"]), str(told["text"]))

    file = chosen_file(key)
    component("ui/one_file")(
        data={
            "label": label,
            "button": _("Choose another file") if file else _("Choose a file"),
            "name": file.name if file else "",
            "accept": accept,
            "most": most_bytes,
            "bytes": as_bytes,
            "too_large": _("This file is larger than {most} MB. Choose a smaller one.", most=most_bytes // 1_000_000),
        },
        key=key,
        on_chosen_change=hear,
    )


def chosen_file(key: str) -> ChosenFile | None:
    """The file chosen under `key`."""
    return st.session_state.get(_kept(key))


def forget_file(key: str) -> None:
    """Ask anew, once the file has been used."""
    st.session_state.pop(_kept(key), None)


def _kept(key: str) -> str:
    return f"{key}/kept"
