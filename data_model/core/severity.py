"""How serious a finding or a recommendation is."""

from data_model.core.label import LabelledEnum


class Severity(LabelledEnum):
    """Three degrees, the lightest first."""

    MINOR = "minor", "Nhẹ", "Minor"
    MODERATE = "moderate", "Vừa", "Moderate"
    SERIOUS = "serious", "Nghiêm trọng", "Serious"
