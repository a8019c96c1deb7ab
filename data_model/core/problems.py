"""What can be wrong with what a person entered: where, which message, with which figures.

Every message for users that the domain speaks stands in `Say`, in English; the
catalogue of translations gives the Vietnamese. Placeholders are filled by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Say(StrEnum):
    """The domain's messages for users."""

    REQUIRED = "Fill this in."
    NOT_A_DATE = "Not a date. Write day/month/year, for example 31/12/2024."
    DATE_IN_FUTURE = "This day has not come yet (today is {today})."
    DATE_OUTSIDE_PLAN = "The plan runs from {first} to {last}. Choose a day in it."
    DATE_BEFORE_START = "The end cannot be before the start."
    NOT_A_TIME = "Not a time of day. Write hours and minutes, for example 08:30, 8h30 or 0830."
    NOT_WHOLE = "Write a whole number, for example 50 or 1.234."
    NOT_MONEY = "Write an amount in whole đồng, for example 12.500.000."
    SPACE_IN_NUMBER = (
        "There is a space inside this number. Write one number; only groups of three digits stand apart, for example 1"
        " 234."
    )
    NOT_A_NUMBER = "Write a number, with a comma before decimals, for example 12,5."
    TOO_SMALL = "At least {least}."
    TOO_LARGE = "At most {most}."
    TOO_LONG = "At most {most} characters; this has {length}."
    NOT_AN_OPTION = "Choose one of the options."
    NOT_UNDERSTOOD = "This value cannot be read. Enter it again."
    UNKNOWN_FIELD = "This form has no such field: {name}."
    PART_ABOVE_TOTAL = "A part cannot be above the total of {total} people."
    PARTS_ABOVE_TOTAL = "Poor, near-poor and newly escaped together ({sum}) are above the total of {total} people."
    TOTAL_MISSING = "Enter the total too: a part of it is given."
    DEADLINE_BEFORE = "The deadline cannot be before {day}."
    DEADLINE_TOO_FAR = "The deadline is more than {years} years after {day}. Check the year."
    ABOVE_WHOLE = "Cannot be above {whole} ({name})."
    TOO_MANY_ROWS = "At most {most} rows."
    UNIT_OUTSIDE_PLAN = "This place does not belong to the plan."
    UNIT_OUTSIDE_YOURS = "This place is not among those given to you on that day."
    UNIT_NOT_VALID = "This unit did not exist on that day."
    ACTIVITY_OF_OTHER_PLAN = "This activity belongs to another plan."
    ACTIVITY_NOT_RECORDED = "Nothing is recorded on this line itself; choose one of its parts."
    ACTIVITY_WITHDRAWN = (
        "The corrected plan no longer has this activity. Choose another one; what is recorded here stays readable."
    )
    ROUND_MISSING = "Choose the monitoring round."
    ROUND_OF_OTHER_ACTIVITY = "This round belongs to another activity."
    POSITION_INCOMPLETE = "Give both latitude and longitude, in degrees."
    CHANGED_MEANWHILE = "{name} changed this record meanwhile. Your text is kept; compare it with the newer version."
    ALREADY_SENT = "This record was sent already."
    NOT_OPEN_FOR_CHANGE = "This record can no longer be changed: it is {status}."
    OWN_RECORD = "Nobody verifies what they entered."
    REASON_MISSING = "Give the reason."
    WORD_FOR_MARKED = "This record has a mark. Say in a word why it is verified all the same."
    MARKED_ALONE = "It has a mark by now: open it and decide on it alone."
    NOTHING_VERIFIED = "Nothing was verified in these days that could be looked at again."
    HOW_MANY_TO_DRAW = "Draw between 1 and {most} records."
    DAYS_TURNED = "The first day is after the last."
    VERIFIED_IT_ONESELF = "Somebody else than who verified it looks at it again."
    LOOKED_ALREADY = "{name} has looked at this one again already."
    NOT_ALLOWED = "Your role does not allow this."
    NOT_FOUND = "This was not found."
    PHASING_SUM = "The quarters add up to {sum}; the plan's number is {total}."
    PHASING_OUTSIDE_WINDOW = "The plan's window does not reach into this quarter."
    NAME_TAKEN = "This sign-in name is taken."
    BAD_SIGN_IN_NAME = "3 to 40 letters without marks, digits, dot, hyphen or underscore."
    PASSWORD_SHORT = "At least {least} characters."
    PASSWORD_LIKE_NAME = "The password must not contain the sign-in name."
    PASSWORD_COMMON = "Too easy to guess. Take a few words that do not belong together."
    PASSWORDS_DIFFER = "The two passwords differ."
    LINK_SPENT = "This link was used already or has run out. Ask for a new one."
    SIGN_IN_FAILED = "Wrong name or password."
    SIGN_IN_SLOWED = "Too many tries. Wait {seconds} seconds and try again."
    NOT_GEOJSON = "The file is not GeoJSON: {why}."
    BOUNDARY_WITHOUT_CODE = (
        "Feature {number} names no unit. Its properties are: {names}. Choose the one that holds the unit's code."
    )
    BOUNDARY_UNKNOWN_CODE = "Feature {number}: no unit has the code {code} in the chosen period."
    BOUNDARY_OTHER_NAME = (
        "Feature {number} ({code}): the file calls it “{called}”, but in the chosen period this is the code of {unit}."
    )
    BOUNDARY_LEAVES_OUT = "Feature {number} ({code}, {unit}): {part} lies {km} km outside this outline."
    BOUNDARY_TAKES_IN = (
        "Feature {number} ({code}, {unit}): other units of the chosen period lie inside this outline: {others}."
    )
    BOUNDARY_TWICE = "Feature {number}: the code {code} stands twice in the file."
    BOUNDARY_BAD_SHAPE = "Feature {number} ({code}): {why}."
    FOLLOW_UP_STATE = "This cannot be done now: the recommendation is “{state}”."
    FOLLOW_UP_CHANGED = "{name} moved this recommendation meanwhile. Read its steps, then decide again."
    FOLLOW_UP_OWN_REPORT = "Nobody confirms what they reported themselves."
    FOLLOW_UP_SUSPENDED = "The record that recommended this was returned or voided, so it is not followed up now."
    FOLLOW_UP_PROOF = (
        "A serious recommendation is closed only with a record of this commune, later than the one that recommended it,"
        " that has a photo or a file."
    )
    ROUND_RUNNING = "This round has not ended yet."
    REPORT_BEFORE_END = "The round ended on {day}; its report cannot be sent before."
    PERIOD_RUNNING = "This period ends on {last}; it can be frozen from the day after."
    SNAPSHOT_UNDER_WAY = "A version of this period is under way. Go on with it, or discard it first."
    SNAPSHOT_STATE = "This cannot be done now: the snapshot is “{status}”."
    SNAPSHOT_CHANGED = (
        "Somebody changed this snapshot meanwhile. What you typed is kept; look at the newer state first."
    )
    TIME_STAMP_FAILED = (
        "The time stamp server did not answer as it should. It is asked again at the next issue; tell your"
        " administrator."
    )
    SNAPSHOT_NOT_INTACT = (
        "This snapshot is not as it was sealed, so nothing is printed of it. Check its seal, and tell your"
        " administrator."
    )
    OWN_SNAPSHOT = "Nobody approves what they froze."
    LATE_NEEDS_LEADER = "This record's period is issued and locked. A leader decides about it."
    EXCEPTION_END = "Choose a day from today on, at most {most} days ahead."
    EVIDENCE_EMPTY = "“{name}” is empty. Choose it again."
    EVIDENCE_TOO_LARGE = "“{name}” is larger than {most} MB. Make it smaller, or take the photo at a lower quality."
    EVIDENCE_NOT_ACCEPTED = (
        "“{name}” is neither a photo (JPEG, PNG, WebP, HEIC) nor a file (PDF, Word .docx, Excel .xlsx)."
    )
    EVIDENCE_MISNAMED = (
        "“{name}” is named like something else, but it is {really}. Give it its right name and choose it again."
    )
    EVIDENCE_DAMAGED = "“{name}” is damaged and cannot be read. Take it or save it again."
    EVIDENCE_TOO_MANY_PIXELS = (
        "“{name}” has {found} megapixels; at most {most} can be kept. Take it at a lower quality."
    )
    EVIDENCE_UNPACKS_TOO_LARGE = "“{name}” unpacks to more than {most} MB and was not kept."
    EVIDENCE_WITH_MACROS = "“{name}” carries macros or other programs. Save it without them and choose it again."
    EVIDENCE_TOO_MANY = "A record keeps at most {most} photos and files."
    OLD_PASSWORD_WRONG = "This is not your present password."
    PERIODS_OVERLAP = "This commune stands above with days that overlap these."
    NOT_ONESELF = "Nobody does this to their own account. Ask another administrator."
    LAST_ADMINISTRATOR = "At least one administrator who can sign in must stay."
    IDENTITY_TAKEN = "Another account has this identity."
    IDENTITY_UNKNOWN = (
        "No account belongs to “{identity}”. Give this to your administrator, who enters it in your account."
    )
    IDENTITY_SPENT = "This sign-in of your organisation was used already or is too old. Sign in again."
    TABLET_FILE_UNREADABLE = "This is not a file that a tablet saved, or it is damaged. Save it on the tablet again."
    TABLET_FILE_TOO_LARGE = (
        "The file is larger than {most} MB. Send from the tablet what it can send, and save the rest."
    )
    OWN_HANDED_IN = "Nobody verifies what they handed in for somebody else."
    EVIDENCE_HARMED = "The kept copy of “{name}” is damaged. Tell your administrator, who restores it from a backup."
    FILE_NOT_MADE = "This file is no longer here. Open the snapshot and make it anew."
    DATABASE_BUSY = "The database is busy just now, so nothing was written. Try again in a moment."
    DATABASE_FULL = (
        "The disk of the database is full, so nothing was written. Tell your administrator; what you typed is kept."
    )
    DATABASE_READ_ONLY = (
        "The database cannot be written just now, so nothing was written. Tell your administrator; what you typed is"
        " kept."
    )
    DATABASE_DAMAGED = (
        "The database is damaged, so nothing is written into it. Tell your administrator, who restores a backup."
    )
    DATABASE_AWAY = (
        "The database cannot be reached just now, so nothing was written. Try again in a moment; if it stays, tell your"
        " administrator."
    )
    UNIT_UNKNOWN = "No unit with the code {code} is known on the plan's days."
    CODE_TWICE = "“{code}” stands twice. Give each row a code of its own."
    NOT_ABOVE = "“{code}” does not stand above this row. What others belong to comes before them."
    NO_SUCH_ACTIVITY = "The plan has no activity with the code “{code}”."
    WORKBOOK_NOT_READ = "“{name}” cannot be read as an Excel workbook (.xlsx). Save it anew and choose it again."
    WORKBOOK_TOO_LARGE = "The workbook is larger than any plan ({most} MB). Take out pictures and other sheets."
    WORKBOOK_WITHOUT_PLAN = "No sheet of this workbook is one of a plan. Take the template and fill that in."
    UNKNOWN_SHEET = "The sheet “{sheet}” belongs to no plan; it was not read."
    UNKNOWN_COLUMN = "Sheet “{sheet}”, column {column}: a plan has no “{name}”; it was not read."
    COLUMN_TWICE = "Sheet “{sheet}”, column {column}: “{name}” stands there twice; the first one was read."
    HEAD_NOT_FOUND = "Sheet “{sheet}”: no row holds the names of the columns; it was not read."
    DRAFT_STATE = "This cannot be done now: the draft is “{status}”."
    DRAFT_CHANGED = "Somebody changed this draft meanwhile. Your change was not taken; look at the newer state first."
    NOTHING_TO_UNDO = "There is no change that could be undone."
    PLAN_CODE_TAKEN = "Another plan has the code {code}. Give this one another code."
    PLAN_IS_CLOSED = "This plan is closed and takes no more records. A leader can open it again."
    PLAN_IS_EXAMPLE = "This is an example plan. Nothing is recorded in it."
    DOCUMENT_KIND = "“{name}” is neither PDF nor Word (.docx)."
    NOTHING_PASTED = "Nothing in what was pasted is a row of this table."
    UNIT_NOT_LISTED = "The national list has no unit with the code {code}."
    COMMUNES_MISSING = "Choose at least one commune that the office supervises."
    PLAN_EMPTY = "The plan has no activity yet."
    UNIT_NOT_YOURS = "“{name}” is not among the communes that can be given."
    NO_SUCH_COMPONENT = "The plan has no project with the code “{code}”."
    KIND_MISSING = "Choose the record kind that proves this activity, or give it parts that have one."
    MEASURE_NOT_COUNTED = "Records of the kind “{kind}” count: {measures}. Choose one of these."
    CONDITION_NOT_PROVED = "Records of the kind “{kind}” do not tell this figure ({proof})."
    NUMBER_WITHOUT_COMPARATOR = "Number and comparison go together: enter both, or neither."
    KEEP_ZERO_IS_ZERO = "“Keep at zero” has the number 0."
    UNITS_NAMED_FOR_NOTHING = "Communes are named, but the target is not for named units. Change one of the two."
    UNIT_NOT_IN_PLAN = "“{code}” is not among the units of this plan."
    ROUNDS_NEED_EACH_UNIT = "{count} rounds are listed: the target is then “each unit”, with the number {count}."
    NOTHING_TO_PHASE = "There is nothing to phase: the target has no number that adds up over the year."
    PARTS_OF_BUDGET_DIFFER = "The sub-projects add up to {sum}; here stands {total}."
    SOURCES_DIFFER = "The sources add up to {sum}; the amount is {total}."
    AMOUNT_LOOKS_SHORTENED = "{amount} đồng is very little: was the amount given in thousand or in million đồng?"
    WHOLE_DIFFERS_FROM_PARTS = "Its parts add up to {sum}; here stands {total}."
    DAY_OUTSIDE_PLAN_YEAR = "The plan runs from {first} to {last}; this lies outside."
    UNIT_OUTSIDE_AREA = "The unit {code} does not lie in the area of the plan's owner."
    COUNT_NOT_WHOLE = "{number} is not a whole number, and records count whole ones."
    SLOW_BELOW_ON_TRACK = "“Slow” must be below “on track” ({on_track} %)."
    NO_BACKUP = "{name} is no backup of this program, or its beginning is damaged. Choose another one."
    BACKUP_DAMAGED = "The backup does not hold what it says: it is damaged. Nothing was restored; take an older one."
    BACKUP_OTHER_SYSTEM = "The backup was made of a {system} database. Restore it into one of the same kind."
    RESTORE_NOT_EMPTY = (
        "There is a database already. A backup is restored only into an empty place: move the old one away first."
    )
    TOOL_MISSING = "{tool} is not installed here. Install PostgreSQL's client programs, then try again."
    TOOL_FAILED = "{tool} could not do it: {said}"


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `where` names the field ("attendance.women", "broadcasts.1.aired_on"), "" the whole."""

    where: str
    say: Say
    figures: Mapping[str, object] = field(default_factory=dict)

    def inside(self, outer: str) -> "Problem":
        """The same problem, seen from the field `outer` that holds this one."""
        return Problem(f"{outer}.{self.where}" if self.where else outer, self.say, self.figures)


class Refused(Exception):
    """An act was refused; nothing was written. Carries one or more problems."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.where}: {p.say.format_map(_Gaps(p.figures))}" for p in self.problems))


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def refuse(say: Say, where: str = "", **figures: object) -> Refused:
    """A refusal with one problem."""
    return Refused([Problem(where, say, figures)])
