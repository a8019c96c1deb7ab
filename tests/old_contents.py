"""Contents of snapshots as earlier versions of the program wrote them."""

import json

LATER = {
    "": ("money_lines", "left_out"),
    "targets": ("measured_reported", "measured_in", "measured_of", "percent_reported", "done_after"),
    "units": ("valid_from", "valid_to", "told_key"),
    "unmet": ("record_id",),
    "money": ("funds",),
    "texts": ("number", "send_by"),
    "follow_up.recommendations": ("record_id",),
}
"""Fields that contents of the first declaration do not have, by where they stand."""


def as_of_the_first_declaration(written: bytes) -> bytes:
    """The same content as the first version of the program wrote it."""
    told = json.loads(written)
    for where, names in LATER.items():
        at = told
        for part in filter(None, where.split(".")):
            at = at[part]
        for one in at if isinstance(at, list) else [at]:
            for name in names:
                del one[name]
    for row in told["money"]:
        row["source"] = ""
    told["identity"] |= {"schema": 1, "send_by": None}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
