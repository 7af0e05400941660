"""The long work of imports, as jobs. Their arguments name the import and nothing else."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError

from portal.database import db, expect_writing, learn_sizes
from portal.jobs.kinds import JobKind
from portal.jobs.task import Task
from portal.registry.importing import confirming, preparing, undoing
from portal.web.logs import log_failure


def look(task: Task) -> None:
    """Read the file and compare it with the registry."""
    preparing.prepare(task.arguments["import_id"], task)


def confirm(task: Task) -> None:
    """Write it. So much changes which way a search goes best: the database looks at its tables anew."""
    confirming.confirm(task.arguments["import_id"], task)
    db.session.rollback()  # nobody holds two connections
    expect_writing(True)
    try:
        learn_sizes()
    except SQLAlchemyError as error:  # what was imported is imported
        log_failure(error)
    task.only_look()


def undo(task: Task) -> None:
    """Take it back."""
    undoing.undo(task.arguments["import_id"], task)


KINDS = {
    "registry.import_look": JobKind(_l("Look at an imported sheet"), look),
    "registry.import_confirm": JobKind(_l("Import a sheet"), confirm),
    "registry.import_undo": JobKind(_l("Undo an import"), undo),
}
