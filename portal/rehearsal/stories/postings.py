"""Where the demo street's notices hang: most do, one was torn down, some wait, some have to come down."""

from sqlalchemy import select

from portal.access.acting import Level
from portal.database import db
from portal.notices.postings import plan
from portal.notices.postings import service as postings
from portal.notices.postings.kinds import PostingState
from portal.notices.postings.models import HANG, Posting, PostingPlace
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import COMMUNITY, GRID, GROUP, unit_named
from portal.rehearsal.street import communities
from portal.units.models import Unit

BOARD, DOOR, SHOP = "公告栏", "楼栋单元门", "超市门口"
LEFT_BEHIND = 2  # communities that have not told yet


def tell(on: Calendar) -> None:
    """Places are named, notices hung up; one is torn down, and a shop closes where some hang."""
    _tell_places(on)
    _tell_hanging(on)
    with on.scene("qian", 0, 7, 30):
        for torn in _those(PostingState.HANGING, BOARD)[:1]:
            postings.report_torn(torn)
    with on.scene("wang", 0, 8, 40):
        shop = select(PostingPlace).where(
            PostingPlace.unit_id == unit_named(GRID).id, PostingPlace.name == SHOP
        )
        postings.close_place(db.session.scalars(shop).one(), "超市暂停营业，门口不再张贴")


def _tell_places(on: Calendar) -> None:
    with on.scene("wang", -1, 16):
        postings.add_place(unit_named(COMMUNITY), "社区大门口")
        postings.add_place(unit_named(GROUP), "三组小广场")
        grids = select(Unit).where(Unit.community_id == unit_named(COMMUNITY).id, Unit.level == Level.GRID)
        for grid in db.session.scalars(grids.order_by(Unit.id)).all():
            for name in (BOARD, DOOR, SHOP) if grid.full_name == GRID else (BOARD,):
                postings.add_place(grid, name)
        plan.catch_up()


def _tell_hanging(on: Calendar) -> None:
    with on.scene("qian", -1, 17):
        postings.several([one for one in _those(PostingState.TO_HANG) if one.place != DOOR], HANG)
    with on.scene("zhao", -1, 17, 30):
        elsewhere = [one for one in _those(PostingState.TO_HANG) if one.unit_id != unit_named(GRID).id]
        postings.several(elsewhere, HANG)
    with on.scene("sun", -1, 18):
        postings.several(_those(PostingState.TO_HANG)[:-2], HANG)
    with on.scene("li", -1, 19):  # told on the telephone
        names = [COMMUNITY, *(one.full_name for one in communities()[-LEFT_BEHIND:])]
        silent = [unit_named(name).id for name in names]
        told = [one for one in _those(PostingState.TO_HANG) if one.community_id not in silent]
        postings.several(told, HANG)


def _those(state: PostingState, place: str = "") -> list[Posting]:
    """What is in this state at the place of the one acting."""
    wanted = select(Posting).where(Posting.state == state).order_by(Posting.id)
    return list(db.session.scalars(wanted.where(Posting.place == place) if place else wanted))
