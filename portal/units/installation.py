"""What is true of the whole installation: whether it holds demonstration data. All its paper says so at the foot."""

from datetime import datetime

from flask import Flask, g
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.local import LocalProxy

from portal.access.acting import acting
from portal.clock import now
from portal.database import Base, db
from portal.printing.foot import Foot


class Installation(Base):
    """One row. ``demo`` is set when demonstration data is loaded and never taken back."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    demo: Mapped[bool] = mapped_column(default=False)


def is_demo() -> bool:
    """Whether every page must say 演示. Asked once a request."""
    if "is_demo" not in g:
        row = db.session.get(Installation, 1)
        g.is_demo = row is not None and row.demo
    found: bool = g.is_demo
    return found


def mark_as_demo() -> None:
    """From now on every page and every sheet says that people and events are invented."""
    db.session.merge(Installation(id=1, demo=True))
    g.is_demo = True


def foot(*, with_unit: bool = True, printed_at: datetime | None = None) -> Foot:
    """The one acting now as who prints, with the unit unless the sheet needs none; ``printed_at`` None: now."""
    who = acting()
    return Foot(f"{who.name} {who.unit_name}" if with_unit else who.name, printed_at or now(), is_demo())


def init_app(app: Flask) -> None:
    """Tell every template."""
    app.context_processor(lambda: {"demo": LocalProxy(is_demo)})
