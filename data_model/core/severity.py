"""How serious a finding or a recommendation is."""

from enum import StrEnum

from data_model.core.label import Label


class Severity(StrEnum):
    """Three degrees, the lightest first."""

    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"

    @property
    def label(self) -> Label:
        return _LABELS[self]


_LABELS = {
    Severity.MINOR: Label("Nhẹ", "Minor"),
    Severity.MODERATE: Label("Vừa", "Moderate"),
    Severity.SERIOUS: Label("Nghiêm trọng", "Serious"),
}
