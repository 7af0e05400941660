"""The places where notices hang (张贴点), and each notice at each of them."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import Scoped, place_indexes
from portal.database import Base, choice
from portal.notices.models import Notice
from portal.notices.postings.kinds import PostingState
from portal.workflow.record import Record
from portal.workflow.states import Step

HANG = Step(
    "hang",
    _l("It hangs"),
    May.POST_NOTICES,
    (PostingState.TO_HANG, PostingState.TORN),
    PostingState.HANGING,
    gravity="main",
)
REPORT_TORN = Step(
    "report_torn", _l("Torn down"), May.POST_NOTICES, (PostingState.HANGING,), PostingState.TORN
)
TAKE_DOWN = Step(
    "take_down",
    _l("Taken down"),
    May.POST_NOTICES,
    (PostingState.TO_TAKE_DOWN,),
    PostingState.TAKEN_DOWN,
    gravity="main",
)
POSTING_STEPS = (HANG, REPORT_TORN, TAKE_DOWN)
# What the end of a notice writes on its postings.
RECALL = Step("recall", _l("Recalled"), May.WRITE_NOTICES, (PostingState.HANGING,), PostingState.TO_TAKE_DOWN)
DROP = Step(
    "drop",
    _l("No longer needed"),
    May.WRITE_NOTICES,
    (PostingState.TO_HANG, PostingState.TORN),
    PostingState.DROPPED,
)


class PostingPlace(Scoped, Base):
    """Where notices hang (张贴点): a board, a door, a gate. A grid without one has a conspicuous place of its own."""

    __tablename__ = "posting_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    closed: Mapped[bool] = mapped_column(default=False)


class Posting(Record, Scoped, Base):
    """One notice at one place. ``place`` is what the place was called when the notice was published."""

    __tablename__ = "posting"
    __table_args__ = (
        Index(None, "notice_id", "state"),
        *place_indexes("state", "changed_at", "id"),
    )

    state: Mapped[PostingState] = mapped_column(choice(PostingState), default=PostingState.TO_HANG)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("posting_place.id"))
    place: Mapped[str] = mapped_column(String(60))

    notice: Mapped[Notice] = relationship()
