"""A list of people, added in one act: every row is read and checked, and all are added, or none."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from data_model.accounts.administration import add_account
from data_model.accounts.tables import Account
from data_model.core.access import Act, Actor, Role
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import folded
from data_model.forms.fields import Day, Form, LongText, Text
from data_model.forms.listed import Listed
from data_model.units.tables import Unit

MOST_PEOPLE = 300


class PersonRow(Form):
    """One person of the list."""

    name = Text(
        "Tên đăng nhập",
        "Sign-in name",
        required=True,
        most=40,
        help=Label("Chữ không dấu, số, dấu chấm, gạch nối", "Letters without marks, digits, dot, hyphen"),
    )
    display_name = Text(
        "Tên hiển thị",
        "Name shown to others",
        required=True,
        help=Label("Ví dụ: Cán bộ giám sát cụm Bắc", "For example: supervisor of the northern communes"),
    )
    role = Listed("Vai trò", "Role", required=True, options={role.value: role.label for role in Role})
    communes = LongText(
        "Các xã, phường",
        "Communes",
        help=Label(
            "Của cán bộ giám sát: mã hoặc tên, cách nhau bằng dấu chấm phẩy",
            "Of a supervisor: codes or names, with semicolons between them",
        ),
    )
    first = Day("Từ ngày", "From day", planned=True)
    last = Day("Đến ngày", "Until day", planned=True)


def add_people(
    session: Session, actor: Actor, rows: Iterable[Mapping[str, str]], units: Iterable[Unit]
) -> list[tuple[Account, str]]:
    """The new accounts in the list's order, each with the token of its one-time link. `units` are those to be given.

    Empty rows are passed over. Raises Refused with every problem of every row, `where` being "row.column"; nobody is
    added then. A data officer adds supervisors, an administrator everybody.
    """
    actor.require(Act.MANAGE_SUPERVISORS)
    filled = [(number, row) for number, row in enumerate(rows) if any(row.values())]
    if not filled:
        raise refuse(Say.REQUIRED)
    if len(filled) > MOST_PEOPLE:
        raise refuse(Say.TOO_MANY_ROWS, most=MOST_PEOPLE)
    known, added, problems = list(units), [], []
    for number, row in filled:
        try:
            person = PersonRow.read(row)
            given = list(_units(person.communes, known))
            added.append(
                add_account(
                    session,
                    actor,
                    person.name or "",
                    person.display_name or "",
                    person.role or "",
                    given if person.role == Role.SUPERVISOR else None,
                    person.first,
                    person.last,
                )
            )
        except Refused as refused:
            problems += [_at(number, problem) for problem in refused.problems]
    if problems:
        raise Refused(problems)
    return added


def _at(number: int, problem: Problem) -> Problem:
    where = "communes" if problem.where == "units" else problem.where or "role"
    return Problem(f"{number}.{where}", problem.say, problem.figures)


def _units(text: str | None, units: list[Unit]) -> Iterable[int]:
    """The ids of units named in a cell, by code or name. Raises Refused for a name of none, or of several."""
    for piece in (text or "").replace("\n", ";").split(";"):
        words = " ".join(piece.split())
        if not words:
            continue
        wanted = folded(words)
        found = [unit for unit in units if unit.code == words.split(" ")[0]] or [
            unit for unit in units if wanted in (folded(unit.name), folded(unit.full_name))
        ]
        if not found:
            raise refuse(Say.UNIT_NOT_YOURS, "communes", name=words[:80])
        # Of a code that was used anew, and of a name that moved, the newest stands.
        yield max(found, key=lambda unit: (unit.valid_from is not None, unit.valid_from or 0)).id
