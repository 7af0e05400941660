"""What the office decided: one closed, one reported back, one to be carried out, one handed over, one that waits.

Whom this morning's screening found waits by itself (stories/screenings.py); here are others, from the last days.
"""

from datetime import timedelta

from sqlalchemy import select

from portal.access.policy import Role
from portal.assessments import executors, rules, service
from portal.assessments.kinds import Decision
from portal.assessments.models import Assessment
from portal.assessments.service import Decided
from portal.assessments.transfers import service as transfers
from portal.assessments.transfers.service import Given
from portal.clock import now
from portal.database import db
from portal.registry.models import Household, Resident
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import GRID, OTHER_COMMUNITY, unit_named
from portal.screenings.keypersons import service as keypersons
from portal.screenings.keypersons.service import Noted
from portal.screenings.kinds import Category

EXECUTORS = {"qian": Role.GRID_MEMBER, "wang": Role.COMMANDER}
FIRST_HOME = 9  # counted from the end: nearer to it isolation has stories of its own


def tell(on: Calendar) -> None:
    """From noting to deciding within two hours, as the deadline wants it; the last one is still to be carried out."""
    closed = _note(on, 0, -3, "武汉市江岸区", Category.FROM_RISK_AREA)
    _decide(on, closed, -3, Decision.HOME, "疫情重点地区返回，居家隔离")
    _report(on, closed, -3, "已告知并签收，护理组到位")
    with on.scene("li", -2, 9):
        service.close(_the(closed))
    reported = _note(on, 1, -2, "邵店镇", Category.FROM_NEIGHBOUR)
    _decide(on, reported, -2, Decision.MONITORING, "邻近乡镇返回，无接触史，健康监测")
    _report(on, reported, -1, "已入户告知，每日两测")
    handed = _note(on, 2, -1, "邵店镇", Category.FROM_NEIGHBOUR)
    _decide(
        on, handed, -1, Decision.TRANSFER, "实际住在亲属家，转该社区管理", by="wang", place=OTHER_COMMUNITY
    )
    with on.scene("wang", -1, 18, 30):
        transfers.give(_the(handed), Given(OTHER_COMMUNITY, "邵店镇返回，现住贵社区亲属家，体温正常。"))
    asked = _note(on, 3, 0, "外省，具体不详", Category.FROM_AFFECTED_COUNTY, hour=6)
    _decide(on, asked, 0, Decision.ASK_MORE, "请核实具体来源地、到达时间和乘坐车次", hour=7)


def _note(on: Calendar, home: int, days: int, origin: str, category: Category, *, hour: int = 15) -> int:
    """qian notes somebody; who is above the threshold waits for the office at once."""
    with on.scene("qian", days, hour):
        person = keypersons.note(_person(home), Noted(category, facts={"origin": origin}))
        waiting = service.open_of(person.id)
        if waiting is None:
            raise RuntimeError("the order of the story sends this category to the office")
        return waiting.id


def _decide(
    on: Calendar,
    assessment_id: int,
    days: int,
    decision: Decision,
    reason: str,
    *,
    by: str = "qian",
    hour: int = 16,
    place: str = "",
) -> None:
    with on.scene("li", days, hour):
        assessment = _the(assessment_id)
        serving = executors.executors(assessment)
        executor = next(one.account_id for one in serving if one.role is EXECUTORS[by])
        due = rules.after(now(), timedelta(hours=4))
        service.decide(assessment, Decided(decision, reason, due, executor, place=place))


def _report(on: Calendar, assessment_id: int, days: int, outcome: str) -> None:
    with on.scene("qian", days, 17):
        service.report_back(_the(assessment_id), outcome, now())


def _the(assessment_id: int) -> Assessment:
    """The assessment, as the one acting now may see it: rows don't outlive a scene."""
    return db.session.get_one(Assessment, assessment_id)


def _person(number: int) -> Resident:
    grid = unit_named(GRID).id
    homes = select(Household).where(Household.unit_id == grid).order_by(Household.id.desc())
    return db.session.scalars(homes.limit(FIRST_HOME + number)).all()[-1].residents[0]
