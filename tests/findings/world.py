"""Patrols with something to find, and those who write it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from flask import current_app, g
from sqlalchemy import select

from portal.access.acting import Acting
from portal.access.scope import everywhere, look_through
from portal.accounts.models import Account
from portal.clock import now
from portal.database import db
from portal.patrols.findings import persons as findings_persons
from portal.patrols.findings import service as findings_service
from portal.patrols.findings.kinds import FindingKind, FindingState
from portal.patrols.findings.models import Finding
from portal.patrols.findings.persons import Named
from portal.patrols.findings.service import Found, Notice, Receipt, Referral
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.models import Patrol, PatrolRoute
from tests.factories import order_in_force
from tests.people import Person, qian, unit, wang, zhao

SERIALS = count(1)
KINDS = [kind.value for kind in FindingKind if kind is not FindingKind.OTHER]
NOTICE = Notice("在3号院门口聚集打牌。", "《中华人民共和国传染病防治法》", "请立即散去。")
REFERRAL = Referral(
    "重阳派出所",
    "在3号院门口聚集打牌，多次劝导无效。",
    "《中华人民共和国传染病防治法》",
    "现场照片两张\n证人笔录一份",
)


def measures(kinds: list[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Both kinds of patrol, as an order holds them."""
    parameters = {"rounds": [540, 720, 900, 1020, 1200], "grace_minutes": 60, "kinds": kinds}
    return {("patrols", kind.value): parameters for kind in PatrolKind}


def a_patrol(
    where: str = "豫苑社区三组二格",
    *,
    kind: PatrolKind = PatrolKind.COMMUNITY,
    points: tuple[str, ...] = ("3号院东门", "棋牌室"),
    neighbour: str = "",
    neighbour_unit: str | None = None,
    kinds: list[str] = KINDS,
    **values: Any,
) -> int:
    """A patrol since two hours ago, still being written, under an order in force. Returns its id."""
    order = order_in_force(measures=measures(kinds))
    with everywhere(because="tests make patrols of every unit"):
        here = unit(where).id
        route = PatrolRoute(
            unit_id=here,
            kind=kind,
            name=f"第{next(SERIALS)}线",
            points=list(points),
            neighbour=neighbour,
            neighbour_id=unit(neighbour_unit).id if neighbour_unit else None,
            since=now(),
        )
        given = {
            "state": PatrolState.DRAFT,
            "started_at": now() - timedelta(hours=2),
            "leader": "演示·带队",
        } | values
        patrol = Patrol(unit_id=here, kind=kind, order_id=order.id, route=route, **given)
        db.session.add(patrol)
        db.session.commit()
        return patrol.id


def found(**changed: Any) -> Found:
    """Four people at cards, half an hour ago."""
    seen = {
        "kind": FindingKind.GATHERING,
        "place": "3号院东门",
        "found_at": now() - timedelta(minutes=30),
        "people": 4,
        "facts": "打牌，未戴口罩。",
    }
    return Found(**seen | changed)


def a_finding(
    state: FindingState = FindingState.PERSUADED, *, patrol_id: int | None = None, **changed: Any
) -> int:
    """A finding that has got so far, by the steps that the pages take. Returns its id."""
    patrol_id = patrol_id or a_patrol()
    with acting_as(qian):
        finding_id = findings_service.find(db.session.get_one(Patrol, patrol_id), found(**changed)).id
    for person, verb, arguments in WAYS[state]:
        with acting_as(person):
            getattr(findings_service, verb)(the(finding_id), *arguments())
    return finding_id


RECORD = (qian, "record_again", lambda: ("又聚集。",))
GIVE = (zhao, "give_notice", lambda: (NOTICE,))
REFER = (wang, "refer", lambda: (REFERRAL,))
RECEIVE = (wang, "receive", lambda: (Receipt("演示·周警官", now()),))
WAYS: dict[FindingState, tuple[Any, ...]] = {
    FindingState.PERSUADED: (),
    FindingState.RECORDED: (RECORD,),
    FindingState.NOTICED: (RECORD, GIVE),
    FindingState.REFERRED: (RECORD, GIVE, REFER),
    FindingState.RECEIVED: (RECORD, GIVE, REFER, RECEIVE),
    FindingState.SETTLED: ((qian, "settle", lambda: ("已散场",)),),
}


def named(finding_id: int, person: Person = qian, **said: Any) -> int:
    """Somebody is named in it. Returns the person's id."""
    with acting_as(person):
        return findings_persons.name_person(the(finding_id), Named(**said)).id


def the(finding_id: int) -> Finding:
    """The finding, as the one acting now sees it."""
    return db.session.get_one(Finding, finding_id)


@contextmanager
def acting_as(person: Person) -> Iterator[None]:
    """Inside a request of this person; what is done is committed at the end."""
    with current_app.test_request_context(headers={"Cookie": "language=zh_Hans"}):
        g.acting = _acting(person)
        look_through(g.acting.place)
        yield
        db.session.commit()
        db.session.remove()


def _acting(person: Person) -> Acting:
    with everywhere(because="the test looks"):
        account = db.session.scalars(select(Account).where(Account.sign_in_name == person.sign_in_name)).one()
        where = unit(person.unit or "")
        return Acting(
            account_id=account.id,
            appointment_id=account.appointments[0].id,
            name=account.name,
            role=person.role,
            title=person.title.label,
            place=where.place,
            unit_name=where.full_name,
        )
