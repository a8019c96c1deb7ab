"""Sample accounts and a plausible year of Đức Phổ, for demonstrations: `python -m seed.sample`.

Everything goes through the functions that people use: accounts are opened with one-time links, the leader
accepts the phasing, supervisors send records, others verify them. Started again it only prints
the sign-in names and the password, which is generated once and kept beside the database.
"""

import os
import random
import secrets
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from data_model.accounts import administration, one_time_links
from data_model.accounts.passwords import new_password
from data_model.accounts.tables import Account
from data_model.core import settings
from data_model.core.access import Actor, Role, UnitGrant
from data_model.core.database import Database
from data_model.plans.phasing import propose_even, set_phasing
from data_model.plans.tables import Plan
from data_model.plans.view import PlanView, view_plan
from data_model.records.writing import Entry, save_draft, send
from data_model.review.decisions import return_to_author, verify
from data_model.units.tables import Unit
from data_model.units.units import unit_by_code
from seed.load import load_everything
from seed.sample_bulk import fill
from seed.sample_follow_up import follow_up, tell_of_earlier
from seed.sample_quarters import ON_PAPER, Turn, Year, pass_days, read_quarters
from seed.sample_year import SampleRecord, read_year, sample_records

__all__ = ["fill", "main", "make_sample", "password_file", "sample_password"]

SEED = 2024
# Without letters and digits that are mistaken for one another on a handwritten note.
LETTERS = "abcdefghkmnpqrstuvwxyz23456789"


class NotASampleDatabase(Exception):
    """The configured database is not one for sample data."""


def main() -> int:
    """Prepare the demonstration's database and print how to sign in; gives the exit code."""
    if not settings.is_sample():
        print("Đặt SO_GIAM_SAT_SAMPLE=1: dữ liệu mẫu không được đưa vào cơ sở dữ liệu thật.", file=sys.stderr)
        return 2
    database = Database()
    try:
        prepare(database)
    except NotASampleDatabase as refused:
        print(refused, file=sys.stderr)
        return 2
    finally:
        database.close()
    print(sign_in_note())
    return 0


def prepare(database: Database) -> bool:
    """Tables, plans and, where there is none yet, the sample year; gives whether the year was made now."""
    database.migrate()
    with database.writing() as session:
        load_everything(session)
    # One moment: freezing a quarter asks for it.
    with database.writing(one_moment=True) as session:
        if _has_sample(session):
            return False
        make_sample(session, sample_password())
    return True


def _has_sample(session: Session) -> bool:
    known = set(session.exec(select(Account.name)))
    ours = {account["name"] for account in read_year()["account"]}
    if known and not ours <= known:
        raise NotASampleDatabase("Cơ sở dữ liệu này đã có tài khoản khác: không đưa dữ liệu mẫu vào.")
    return bool(known)


def password_file() -> Path:
    """Where the sample accounts' password is kept."""
    return settings.data_folder() / "sample-password.txt"


def sample_password() -> str:
    """The one password of all sample accounts, generated at its first use."""
    path = password_file()
    if not path.exists():
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(password + "\n")
    return path.read_text(encoding="utf-8").strip()


def sign_in_note() -> str:
    """What a demonstration prints at every start: names, roles and the password."""
    lines = ["Tài khoản mẫu:"]
    lines += [f"  {account['name']:<10} {account['display_name']}" for account in read_year()["account"]]
    if password_file().exists():
        return "\n".join([*lines, f"Mật khẩu chung: {sample_password()}"])
    # The database keeps only a hash: a new file would show a password that opens nothing.
    return "\n".join([*lines, f"Không còn tệp mật khẩu {password_file().name}: xoá thư mục dữ liệu mẫu rồi chạy lại."])


def make_sample(session: Session, password: str) -> None:
    """The sample year in the caller's transaction: accounts, phasing, records and their review, quarters frozen between
    them.
    """
    year, quarters = read_year(), read_quarters()
    year["record"] += quarters["record"]
    plan_id = session.exec(select(Plan.id).where(Plan.code == year["plan"])).one()
    plan = view_plan(session, plan_id)
    people = _make_accounts(session, year["account"], plan, password)
    rng = random.Random(SEED)
    units = {unit.code: unit for unit in (*plan.units, plan.owner)}
    # The data officer reviews most records, the leader every fifth.
    records = sample_records(year, units, rng)
    reviewers = [_one(people, Role.LEADER if number % 5 == 0 else Role.DATA_OFFICER) for number in range(len(records))]
    field_work = FieldWork(session, people, plan, units, year["reviewed_until"], rng)
    pass_days(
        [
            Turn(
                quarters["phased_on"],
                0,
                partial(
                    set_phasing, session, _one(people, Role.LEADER), plan_id, _accepted_phasing(plan, year["phasing"])
                ),
            ),
            *Year(session, people, plan, quarters, field_work.do).turns(records, reviewers),
            Turn(quarters["followed_up_on"], 1, partial(follow_up, session, people, plan, units, year)),
        ]
    )


def _make_accounts(session: Session, wanted: list[dict[str, str]], plan: PlanView, password: str) -> dict[str, Actor]:
    """The accounts by name, each with the common password set through its own one-time link."""
    chief, *others = wanted
    chosen = new_password(password, password)
    token = one_time_links.first_link(session)
    if token is None:
        raise ValueError("the sample's accounts need a database without any")
    account = one_time_links.use_link(session, token, chosen, chief["name"], chief["display_name"])
    people = {account.name: _acting(account)}
    for each in others:
        unit_ids = [_unit(session, code, plan.starts_on).id for code in each.get("units", [])]
        account, token = administration.add_account(
            session,
            people[chief["name"]],
            each["name"],
            each["display_name"],
            each["role"],
            unit_ids,
        )
        one_time_links.use_link(session, token, chosen)
        people[account.name] = _acting(account, unit_ids)
    return people


def _unit(session: Session, code: str, day: date) -> Unit:
    unit = unit_by_code(session, code, day)
    if unit is None:
        raise LookupError(f"no unit has the code {code} on {day}")
    return unit


def _acting(account: Account, unit_ids: list[int] | None = None) -> Actor:
    grants = tuple(UnitGrant(unit_id, None, None) for unit_id in unit_ids or [])
    return Actor(account.id, account.name, account.display_name, Role(account.role), account.language, grants)


def _accepted_phasing(plan: PlanView, wishes: Mapping[str, Any]) -> dict[int, dict[int, Fraction]]:
    """The even proposal for every numbered target, but for those left open or changed by the leader."""
    accepted = {}
    for line in plan.target_lines:
        # A line that is the sum of its parts takes its planned-to-date from them.
        if line.part_ids or line.code in wishes["unphased"]:
            continue
        shares = propose_even(plan, line)
        if line.code in wishes["changed"]:
            shares = {quarter: Fraction(share) for quarter, share in enumerate(wishes["changed"][line.code], 1)}
        if shares:
            accepted[line.target_id] = shares
    return accepted


def _one(people: Mapping[str, Actor], role: Role) -> Actor:
    return next(actor for actor in people.values() if actor.role is role)


@dataclass(frozen=True)
class FieldWork:
    """The year's work: each record entered by the supervisor of its unit, then reviewed."""

    session: Session
    people: Mapping[str, Actor]
    plan: PlanView
    units: Mapping[str, Unit]
    reviewed_until: date
    rng: random.Random

    def do(self, sample: SampleRecord, reviewer: Actor | None, answers: Mapping[str, Any]) -> Entry:
        """Enter one record and take it to where the year says that it stands; without a reviewer it is only sent."""
        entry, author = self._entry(sample, answers), self._author(sample)
        if sample.state == "draft":
            save_draft(self.session, author, entry)
            return entry
        record = send(self.session, author, entry)
        if sample.earlier:
            tell_of_earlier(self.session, author, record, sample.earlier)
        if sample.state == "returned":
            assert reviewer is not None and sample.reason is not None  # as the file has it
            return_to_author(self.session, reviewer, record.id, record.version, sample.reason)
        elif reviewer and record.happened_on is not None and record.happened_on <= self.reviewed_until:
            verify(self.session, reviewer, record.id, record.version, ON_PAPER)
        return entry

    def _entry(self, sample: SampleRecord, answers: Mapping[str, Any]) -> Entry:
        line = next(line for line in self.plan.lines if line.code == sample.activity)
        return Entry(
            id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            plan_id=self.plan.id,
            activity_id=line.activity_id,
            unit_id=self.units[sample.unit].id,
            answers=answers,
            round_id=line.round_ids[sample.round - 1] if sample.round else None,
            position=self._position(self.units[sample.unit]),
            channel="sample",
        )

    def _author(self, sample: SampleRecord) -> Actor:
        unit_id = self.units[sample.unit].id
        return next(a for a in self.people.values() if any(grant.unit_id == unit_id for grant in a.grants))

    def _position(self, unit: Unit) -> tuple[float, float, float] | None:
        """A place near the unit's point; none for what belongs to no commune, or where the tablet found none."""
        if unit.id == self.plan.owner.id or self.rng.random() < 0.12 or unit.spot is None:
            return None
        latitude, longitude = (round(at + self.rng.uniform(-0.007, 0.007), 5) for at in unit.spot)
        return latitude, longitude, float(self.rng.randint(4, 28))


if __name__ == "__main__":
    sys.exit(main())
