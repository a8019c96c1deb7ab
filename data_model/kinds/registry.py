"""The registry of record kinds: it finds every `Kind` that a file of this package declares; nothing else learns their
names.
"""

import pkgutil
from importlib import import_module

from data_model import kinds
from data_model.forms.kind import Kind


def _declared() -> dict[str, type[Kind]]:
    for module in pkgutil.iter_modules(kinds.__path__):
        import_module(f"{kinds.__name__}.{module.name}")
    found: dict[str, type[Kind]] = {}
    waiting = list(Kind.__subclasses__())
    while waiting:
        kind = waiting.pop(0)
        waiting += kind.__subclasses__()
        if "code" in vars(kind):
            found[kind.code] = kind
    return found


_found: dict[str, type[Kind]] = {}


def all_kinds() -> dict[str, type[Kind]]:
    """Every kind by its code, in the order of the files' names."""
    if not _found:
        _found.update(_declared())
    return _found


def measures_value(code: str | None) -> bool:
    """Whether records of the kind hold a measured value, which does not add up: without a number due, only how often it
    was measured can be told.
    """
    return code is not None and all_kinds()[code].measures_value
