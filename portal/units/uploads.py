"""A file of units between its preview and its import: kept on the server, so that it is chosen once."""

from datetime import timedelta

from sqlalchemy import delete

from portal.access.acting import acting
from portal.clock import now
from portal.database import db
from portal.units import importing
from portal.units.importing import Plan
from portal.units.models import UploadedTree

KEPT = timedelta(hours=1)


def keep(content: bytes) -> UploadedTree:
    """Keep the file for an hour, if it can be imported; ``NotImported`` with its problems if not."""
    importing.compare(content)
    old = delete(UploadedTree).where(UploadedTree.at < now() - KEPT)
    db.session.execute(old.execution_options(synchronize_session=False))
    upload = UploadedTree(account_id=acting().account_id, at=now(), content=content)
    db.session.add(upload)
    db.session.flush()
    return upload


def take(upload: UploadedTree) -> Plan:
    """Import the file as it was kept, and forget it. ``NotImported`` if the tree has changed in the meantime."""
    plan = importing.import_file(upload.content)
    db.session.delete(upload)
    return plan
