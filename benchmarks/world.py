"""The installation that the benchmarks run on: 100 plans, one of them with 10,000 records."""

import re
import secrets
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import select

from data_model.accounts import administration, one_time_links
from data_model.accounts.account import actor_of
from data_model.accounts.passwords import new_password
from data_model.accounts.tables import Account
from data_model.core.access import Actor, Role
from data_model.core.database import Database
from data_model.plans.tables import Plan
from data_model.plans.view import view_plan
from data_model.units.units import unit_by_code
from seed.load import FOLDER, load_everything, load_plan
from seed.sample import fill

PLANS, RECORDS, RECORDS_ELSEWHERE = 100, 10_000, 300
COMMUNES = ("21463", "21466", "21472", "06673")
PEOPLE = {"giamsat": Role.SUPERVISOR, "lanhdao": Role.LEADER, "tonghop": Role.DATA_OFFICER}


@dataclass
class World:
    """A filled database, the people in it and the large plan."""

    database: Database
    password: str
    actors: dict[Role, Actor]
    plan_id: int

    def form_of(self, kind: str) -> str:
        """Query of the address at which the supervisor writes a new record of `kind`."""
        with self.database.reading() as session:
            for code in ("duc_pho_2024", "bai_chay_2024"):
                plan = view_plan(session, _plan_id(session, code))
                for line in plan.lines:
                    units = [u.id for u in plan.units if u.code in COMMUNES and plan.owes(line, u.id)]
                    if line.kind == kind and units:
                        return f"plan={code}&activity={line.code}&unit={units[0]}"
        raise LookupError(kind)


def build(url: str) -> World:
    """Make it; takes about a minute."""
    database, password = Database(url), secrets.token_urlsafe(12)
    database.migrate()
    with database.writing() as session:
        load_everything(session)
        token = one_time_links.first_link(session)
        one_time_links.use_link(session, token, new_password(password, password), "quantri", "Quản trị")
    actors = _people(database, password)
    with database.writing() as session:
        plan_ids = {code: _plan_id(session, code) for code in _more_plans(session)}
        plan_id = _plan_id(session, "duc_pho_2024")
    with database.writing() as session:
        fill(session, actors, plan_id, RECORDS, 1)
        for number, other in enumerate(plan_ids.values(), 2):
            fill(session, actors, other, RECORDS_ELSEWHERE, number)
    with database.reading() as session:
        session.connection().exec_driver_sql("ANALYZE")
    return World(database, password, actors, plan_id)


def _people(database: Database, password: str) -> dict[Role, Actor]:
    actors, chosen = {}, new_password(password, password)
    with database.writing() as session:
        admin = actor_of(session, session.exec(select(Account).where(Account.name == "quantri")).one())
        communes = [unit_by_code(session, code, date(2024, 6, 1)).id for code in COMMUNES]
        for name, role in PEOPLE.items():
            account, token = administration.add_account(
                session, admin, name, name, role, communes if role is Role.SUPERVISOR else []
            )
            one_time_links.use_link(session, token, chosen)
            actors[role] = actor_of(session, account)
    return actors


def _more_plans(session) -> list[str]:
    """Copies of the Đức Phổ plan under other codes, until there are `PLANS` plans."""
    text = (FOLDER / "plans" / "duc_pho_2024.toml").read_text(encoding="utf-8")
    codes = [f"copy_{number}" for number in range(PLANS - 5)]
    with tempfile.TemporaryDirectory() as folder:
        for code in codes:
            path = Path(folder) / f"{code}.toml"
            path.write_text(
                re.sub(r'^code = "duc_pho_2024"$', f'code = "{code}"', text, count=1, flags=re.M), encoding="utf-8"
            )
            load_plan(session, path)
    return codes


def _plan_id(session, code: str) -> int:
    return session.exec(select(Plan.id).where(Plan.code == code)).one()
