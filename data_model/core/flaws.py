"""What a check of the seals finds wrong, one by one."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """The kinds of flaws. Of snapshots, `snapshot` says which; of the journal, `number` is that of the seal."""

    ENTRY_ALTERED = "entry_altered"
    """An entry of the journal, its seal, or the seal before it, is not what was written."""
    ENTRY_DAMAGED = "entry_damaged"
    """An entry holds what cannot be read, in `columns`."""
    ENTRY_MISSING = "entry_missing"
    """There is a seal, but not its entry."""
    ENTRY_UNSEALED = "entry_unsealed"
    """The entry with the id `number` has no seal: it was not written by the program."""
    NUMBERS_MISSING = "numbers_missing"
    """Entries `number` to `until` are missing, with their seals."""
    COPY_DIFFERS = "copy_differs"
    """The copy of the heads outside the database has other hashes between `number` and `until`."""
    STAMP_WRONG = "stamp_wrong"
    """The time stamp at `number` is not one of that head, or not one of a server that is trusted."""
    COPY_DAMAGED = "copy_damaged"
    """Line `number` of the copy cannot be read; 0: the whole copy."""
    SNAPSHOT_ALTERED = "snapshot_altered"
    """The row is not what its last step sealed, in `columns`."""
    SNAPSHOT_DAMAGED = "snapshot_damaged"
    """The row holds what cannot be read, in `columns`."""
    SNAPSHOT_MISSING = "snapshot_missing"
    """The journal, a step or a body knows a snapshot that is not there."""
    VERSION_MISSING = "version_missing"
    """Versions `number` to `until` of a period are not there although a later one is, which is `snapshot`."""
    TWO_ISSUED = "two_issued"
    """More than one version of a period stands issued."""
    CONTENT_ALTERED = "content_altered"
    """The frozen figures are not those that were sealed."""
    CONTENT_MISSING = "content_missing"
    STEP_ALTERED = "step_altered"
    """Step `number` of the snapshot is not what was sealed."""
    STEP_MISSING = "step_missing"
    """Step `number` of the snapshot is not there; None: none is."""
    STEP_NOT_NOTED = "step_not_noted"
    """Step `number` of the snapshot, or its seal, is not the one that the journal noted."""
    GUARD_MISSING = "guard_missing"
    """The database's triggers `columns`, which refuse to alter what is sealed, are not there or are switched off."""


@dataclass(frozen=True)
class Flaw:
    """One of them; what says nothing for its kind is None or empty."""

    wrong: Wrong
    number: int | None = None
    until: int | None = None
    snapshot: int | None = None
    columns: tuple[str, ...] = ()
