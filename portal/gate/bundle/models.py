"""Which version of what a gate must know was given out last."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.scope import Scoped
from portal.database import Base, UtcDateTime


class GateBundle(Scoped, Base):
    """The last version of a gate's bundle: its number, a digest of all that is in it, and when it was made.

    ``made_from`` names the state of the records it was made from: while that stands, it need not be made again.
    """

    __tablename__ = "gate_bundle"

    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_from: Mapped[str] = mapped_column(String(64), default="")
