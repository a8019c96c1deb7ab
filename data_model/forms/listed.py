"""A choice as people write it in a list: by its code or by its name in either language."""

from dataclasses import dataclass
from typing import Any

from data_model.core.problems import Say, refuse
from data_model.core.text import folded
from data_model.forms.fields import Choice


@dataclass(frozen=True)
class Listed(Choice):
    """One of `options`, written as its code or as its name in either language, in any case."""

    def _read(self, raw: Any) -> str:
        if isinstance(raw, str):
            wanted = folded(" ".join(raw.split()))
            for code, label in self.options.items():
                if wanted in (folded(code), folded(label.vi), folded(label.en)):
                    return code
        raise refuse(Say.NOT_AN_OPTION)
