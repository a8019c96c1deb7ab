"""Who sees which records, in a list, one by one and on the map."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from data_model.accounts import administration, sign_ins
from data_model.core.access import UnitGrant
from data_model.core.problems import Refused, Say
from data_model.records import listing, writing
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import decisions
from tests.conftest import PHO_CUONG, PHO_MINH, PHO_VINH


def _send(town, unit, answers, actor=None, **more):
    with town.writing() as session:
        return writing.send(session, actor or town.people.supervisor, town.entry("DP-11", unit, answers, **more)).id


def _draft(town, unit, answers, actor=None):
    with town.writing() as session:
        return writing.save_draft(session, actor or town.people.supervisor, town.entry("DP-11", unit, answers)).id


def _listed(town, actor, **asked):
    with town.reading() as session:
        rows, total = listing.list_records(session, actor, town.plan().id, **asked)
    return [row.id for row in rows], total


def _opens(town, actor, record_id) -> bool:
    with town.reading() as session:
        try:
            return listing.open_record(session, actor, record_id).id == record_id
        except Refused as refused:
            assert refused.problems[0].say == Say.NOT_FOUND
            return False


def test_newest_first_with_the_authors_name_and_the_whole_number(town, dialogue):
    first, second = _send(town, PHO_VINH, dialogue()), _send(town, PHO_MINH, dialogue())
    third = _send(town, PHO_CUONG, dialogue(), town.people.second)
    assert _listed(town, town.people.leader) == ([third, second, first], 3)
    assert _listed(town, town.people.leader, limit=1, offset=1) == ([second], 3)
    with town.writing() as session:
        decisions.verify(session, town.people.leader, first, 1)
    with town.reading() as session:
        newest = listing.list_records(session, town.people.leader, town.plan().id)[0][0]
    assert (newest.id, newest.author_name, newest.status, newest.people_total) == (
        first,
        "Giám sát cụm Đông",
        "verified",
        55,
    )


def test_every_filter_leaves_out_the_others(town, dialogue):
    vinh, minh = _send(town, PHO_VINH, dialogue()), _send(town, PHO_MINH, dialogue())
    with town.writing() as session:
        pano = writing.send(
            session,
            town.people.supervisor,
            town.entry("DP-05", PHO_VINH, {"installed_on": "2024-10-01", "place": "Ngã ba chợ"}),
        ).id
        decisions.verify(session, town.people.leader, minh, 1)
    leader, dialogues = town.people.leader, town.line("DP-11").activity_id
    assert set(_listed(town, leader, unit_id=town.unit(PHO_VINH).id)[0]) == {vinh, pano}
    assert set(_listed(town, leader, activity_ids=[dialogues])[0]) == {vinh, minh}
    assert _listed(town, leader, activity_ids=[]) == ([], 0)
    assert _listed(town, leader, kind="pano") == ([pano], 1)
    assert _listed(town, leader, statuses=[RecordStatus.VERIFIED]) == ([minh], 1)


def test_another_plan_has_its_own_list(town, dialogue):
    _send(town, PHO_VINH, dialogue())
    with town.reading() as session:
        assert listing.list_records(session, town.people.leader, town.plan("ba_to_2024").id) == ([], 0)


def test_a_draft_is_seen_by_its_author_alone(town):
    draft = _draft(town, PHO_VINH, {"place": "chưa xong"})
    seen = {
        name: _opens(town, getattr(town.people, name), draft)
        for name in ("supervisor", "second", "leader", "officer", "administrator")
    }
    assert seen == {"supervisor": True, "second": False, "leader": False, "officer": False, "administrator": False}
    assert _listed(town, town.people.leader) == ([], 0)
    assert _listed(town, town.people.supervisor) == ([draft], 1)


def test_a_draft_thrown_away_is_in_nobodys_list(town):
    draft = _draft(town, PHO_VINH, {})
    with town.writing() as session:
        writing.discard(session, town.people.supervisor, draft)
    assert _listed(town, town.people.supervisor) == _listed(town, town.people.leader) == ([], 0)
    assert not _opens(town, town.people.leader, draft)


def test_a_voided_record_stays_readable(town, dialogue):
    sent = _send(town, PHO_VINH, dialogue())
    with town.writing() as session:
        decisions.void(session, town.people.leader, sent, 1, "nhập nhầm")
    assert _listed(town, town.people.supervisor) == ([sent], 1)
    assert _opens(town, town.people.leader, sent)


def test_a_supervisor_sees_only_the_own_communes(town, dialogue):
    own, other = _send(town, PHO_VINH, dialogue()), _send(town, PHO_CUONG, dialogue(), town.people.second)
    assert _listed(town, town.people.supervisor) == ([own], 1)
    assert _listed(town, town.people.second) == ([other], 1)
    assert not _opens(town, town.people.supervisor, other)
    assert _opens(town, town.people.leader, other)


def test_what_a_colleague_sent_from_a_shared_commune_is_seen(town, dialogue):
    sent = _send(town, PHO_VINH, dialogue())
    colleague = replace(town.people.second, grants=(UnitGrant(town.unit(PHO_VINH).id, None, None),))
    assert _listed(town, colleague) == ([sent], 1)


@pytest.mark.parametrize(
    ("first", "last", "sees"),
    [
        (None, date(2024, 10, 9), False),  # gave the commune back before the record's day
        (None, date(2024, 10, 10), True),  # held it on the record's day
        (date(2024, 10, 11), date(2024, 10, 14), False),
        (date(2024, 10, 15), None, True),  # holds it today
        (date(2024, 10, 16), None, False),  # not yet
    ],
)
def test_a_commune_counts_as_own_on_the_records_day_or_today(town, dialogue, first, last, sees):
    sent = _send(town, PHO_VINH, dialogue(held_on="2024-10-10"))
    colleague = replace(town.people.second, grants=(UnitGrant(town.unit(PHO_VINH).id, first, last),))
    assert (_listed(town, colleague)[1] == 1) is sees
    assert _opens(town, colleague, sent) is sees


def test_ones_own_record_stays_visible_when_the_commune_was_given_away(town, dialogue):
    sent = _send(town, PHO_VINH, dialogue())
    with town.writing() as session:
        administration.set_units(
            session,
            town.people.administrator,
            town.people.supervisor.id,
            [UnitGrant(town.unit(PHO_CUONG).id, None, None)],
        )
        moved = sign_ins.who_is(session, town.people.tokens["giamsat1"])
    assert _listed(town, moved) == ([sent], 1)


def test_an_unknown_record_is_not_found(town):
    assert not _opens(town, town.people.leader, uuid.uuid4())


def test_the_map_gets_reported_records_with_a_position(town, dialogue):
    placed = _send(town, PHO_VINH, dialogue(), position=(14.799, 108.997, 12.0))
    _send(town, PHO_MINH, dialogue())
    returned = _send(town, PHO_MINH, dialogue(), position=(14.82, 108.973, None))
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, returned, 1, "thiếu ảnh")
    with town.reading() as session:
        found, in_all = listing.points(session, town.people.leader, town.plan().id, 300)
        assert [(p.id, p.latitude, p.longitude) for p in found] == [(placed, 14.799, 108.997)] and in_all == 1
        assert listing.points(session, town.people.second, town.plan().id, 300) == ([], 0)


def test_the_map_gets_the_latest_points_and_hears_how_many_there_are(town, dialogue):
    _first, *latest = [_send(town, PHO_VINH, dialogue(), position=(14.799, 108.997, 12.0)) for _ in range(3)]
    with town.reading() as session:
        found, in_all = listing.points(session, town.people.leader, town.plan().id, 2)
    assert ([p.id for p in found], in_all) == (latest[::-1], 3)


def test_a_record_can_be_read_after_its_session_ended(town, dialogue):
    sent = _send(town, PHO_VINH, dialogue())
    with town.reading() as session:
        record = listing.open_record(session, town.people.leader, sent)
    assert record.form.attendance.total == 55


def test_two_records_changed_at_one_moment_keep_one_order_over_pages(town, dialogue):
    ids = {_send(town, PHO_VINH, dialogue()) for _ in range(4)}
    with town.writing() as session:
        moment = session.get(FieldRecord, next(iter(ids))).changed_at
        session.execute(update(FieldRecord).values(changed_at=moment))
    pages = [_listed(town, town.people.leader, limit=1, offset=n)[0][0] for n in range(4)]
    assert set(pages) == ids


def test_what_waits_for_its_author_is_counted_whole_and_listed_in_part(town, dialogue):
    drafts = [_draft(town, PHO_VINH, {"place": f"nháp {n}"}) for n in range(3)] + [_draft(town, PHO_MINH, {})]
    back = _send(town, PHO_VINH, dialogue())
    _send(town, PHO_VINH, dialogue())
    _draft(town, PHO_CUONG, {}, town.people.second)
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, back, 1, "Thiếu danh sách")
    activity, plan = town.line("DP-11").activity_id, town.plan().id
    with town.reading() as session:
        listed = listing.waiting_for_author(session, town.people.supervisor, plan, 3)
        counted = listing.count_waiting(session, town.people.supervisor, plan)
    assert [row.id for row in listed] == [back, drafts[3], drafts[2]]
    assert counted == {
        (activity, town.unit(PHO_VINH).id): listing.Waiting(returned=1, drafts=3),
        (activity, town.unit(PHO_MINH).id): listing.Waiting(drafts=1),
    }
