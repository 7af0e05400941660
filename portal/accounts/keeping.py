"""Things kept on the server for one account and a short while: half a sign-in, a form, a
password to be handed over, a search.

They are sealed, and whoever asks for them must name the account that they are for.
"""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from portal.accounts.models import Keeping, Kept
from portal.clock import now
from portal.database import db
from portal.vault import new_seal_id

HOW_LONG = {
    Keeping.HALF_SIGN_IN: timedelta(minutes=5),
    Keeping.FORM: timedelta(hours=1),
    Keeping.ONE_TIME_PASSWORD: timedelta(minutes=10),
    Keeping.NEW_SECOND_FACTOR: timedelta(minutes=10),
    Keeping.RECOVERY_CODES: timedelta(minutes=10),
    Keeping.SEARCH: timedelta(minutes=15),
}


def keep(what: Keeping, account_id: int, content: dict[str, Any]) -> str:
    """Keep ``content`` (plain values) for the account. Returns the name to ask for it by: 32 hex digits."""
    forget_old()
    kept = Kept(seal_id=new_seal_id(), what=what, account_id=account_id, until=now() + HOW_LONG[what])
    kept.text = json.dumps(content, ensure_ascii=False)
    db.session.add(kept)
    return kept.seal_id


def kept_row(what: Keeping, name: object) -> Kept | None:
    """What is still kept under this name, whoever it is for: only to find out whom it is for."""
    row = db.session.get(Kept, name) if isinstance(name, str) else None
    return row if row and row.what == what and row.until > now() else None


def kept(what: Keeping, name: object, account_id: int) -> dict[str, Any] | None:
    """What is kept under this name for this account; None once it has lapsed, or for anybody else."""
    row = kept_row(what, name)
    return content_of(row) if row and row.account_id == account_id else None


def content_of(row: Kept) -> dict[str, Any]:
    """What was kept, as it was given to ``keep``."""
    content: dict[str, Any] = json.loads(row.text or "{}")
    return content


def forget(name: object) -> None:
    """It is no longer needed."""
    db.session.execute(
        delete(Kept).where(Kept.seal_id == name).execution_options(synchronize_session="fetch")
    )


def forget_all(account_id: int, what: Keeping) -> None:
    """None of this kind is needed for the account any more."""
    gone = delete(Kept).where(Kept.account_id == account_id, Kept.what == what)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def forget_old() -> None:
    """Drop what has lapsed."""
    gone = delete(Kept).where(Kept.until <= now())
    db.session.execute(gone.execution_options(synchronize_session="fetch"))
