"""Drafts of plans in the states that tests begin with: a small plan of a ward, good to be issued."""

from data_model.planning import drafts
from data_model.planning.sheets import Sheets
from data_model.plans.tables import Plan
from tests.conftest import PHO_MINH, PHO_VINH, Town

PDF_BYTES = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"


def small_plan(code: str = "duc_pho_2024_b") -> Sheets:
    """Two communes, one project, two targets."""
    return {
        "plan": [
            {
                "code": code,
                "name_vi": "Kế hoạch đối thoại bổ sung 2024",
                "owner": "duc_pho",
                "year": "2024",
                "starts_on": "01/01/2024",
                "ends_on": "31/12/2024",
            }
        ],
        "units": [{"code": PHO_VINH}, {"code": PHO_MINH}],
        "components": [{"code": "DA6", "name_vi": "Dự án 6: truyền thông", "amount": "250.000.000"}],
        "activities": [
            {
                "code": "B-01",
                "component": "DA6",
                "name_vi": "Đối thoại bổ sung",
                "kind": "dialogue_session",
                "measure": "sessions",
                "comparator": "đúng bằng",
                "quantity": "1",
                "scope": "mỗi đơn vị",
            },
            {
                "code": "B-02",
                "component": "DA6",
                "name_vi": "Ngày hội việc làm",
                "kind": "public_event",
                "measure": "ngày",
                "scope": "toàn địa bàn",
            },
        ],
        "phasing": [{"activity": "B-01", "q3": "1", "q4": "1"}],
    }


def begun(town: Town) -> int:
    """A draft at version 1."""
    with town.writing() as session:
        return drafts.begin_draft(session, town.people.officer, small_plan()).id


def changed(town: Town) -> int:
    """A draft at version 2, with one change to undo."""
    draft_id, sheets = begun(town), small_plan()
    sheets["activities"].pop()
    with town.writing() as session:
        drafts.save_draft(session, town.people.officer, draft_id, 1, sheets)
    return draft_id


def submitted(town: Town) -> int:
    """A draft at version 2 that waits for a leader."""
    draft_id = begun(town)
    with town.writing() as session:
        drafts.submit_draft(session, town.people.officer, draft_id, 1)
    return draft_id


def documented(town: Town) -> int:
    """A document beside a draft; its id."""
    draft_id = begun(town)
    with town.writing() as session:
        return drafts.attach_document(session, town.people.officer, draft_id, "kế hoạch.pdf", PDF_BYTES)


def closed(town: Town) -> None:
    """Đức Phổ's plan, closed."""
    with town.writing() as session:
        drafts.close_plan(session, town.people.leader, town.plan().id, "hết năm")


def example(town: Town, code: str = "long_khanh_2024") -> int:
    """A plan made an example; its id."""
    plan_id = town.plan(code).id
    with town.writing() as session:
        plan = session.get(Plan, plan_id)
        plan.example, plan.revision = True, plan.revision + 1
    return plan_id
