"""The uploaded file: sealed in the database from its arrival until the import is confirmed or has expired."""

import hashlib
import os
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.registry.importing.kinds import ImportState
from portal.registry.importing.models import ImportFile, ImportRow, RegistryImport
from portal.vault import vault

KEPT = timedelta(hours=24)
NONCE_BYTES = 12
OPEN_STATES = [state for state in ImportState if state.is_open]


def digest(content: bytes) -> str:
    """By which the same file is known again, and the trail names it."""
    return hashlib.sha256(content).hexdigest()


def keep(import_: RegistryImport, content: bytes) -> None:
    """Keep this as the import's file, in the place of what was kept before."""
    forget(import_.id)
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + _cipher().encrypt(nonce, content, _place(import_.id))
    db.session.add(ImportFile(unit_id=import_.unit_id, import_id=import_.id, content=sealed))
    db.session.flush()


def opened(import_id: int) -> bytes | None:
    """The file's bytes; None when it has been destroyed."""
    sealed = db.session.scalar(select(ImportFile.content).where(ImportFile.import_id == import_id))
    if sealed is None:
        return None
    return _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(import_id))


def forget(import_id: int) -> None:
    """Destroy the file."""
    gone = delete(ImportFile).where(ImportFile.import_id == import_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def forget_rows(import_id: int) -> None:
    """Destroy what a preview has kept."""
    gone = delete(ImportRow).where(ImportRow.import_id == import_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def drop(import_: RegistryImport) -> None:
    """Destroy an import that has written nothing, with all that was kept of it."""
    forget(import_.id)
    forget_rows(import_.id)
    db.session.delete(import_)
    db.session.flush()


def forget_old() -> None:
    """Destroy what nobody has confirmed in time, and the wrong rows of confirmed imports that nobody fetched."""
    over = select(RegistryImport).where(RegistryImport.expires_at < now())
    with everywhere(because="what was kept of an import for too long is destroyed, wherever it belongs"):
        unfinished = over.where(RegistryImport.state.in_(OPEN_STATES)).with_for_update(skip_locked=True)
        for import_ in db.session.scalars(unfinished).all():
            drop(import_)
        kept = over.join(ImportFile, ImportFile.import_id == RegistryImport.id)
        for import_id in db.session.scalars(kept.with_only_columns(RegistryImport.id)):
            forget(import_id)


def _cipher() -> AESGCM:
    return AESGCM(vault().derive("files of imports"))


def _place(import_id: int) -> bytes:
    return f"registry_import_file:{import_id}".encode()
