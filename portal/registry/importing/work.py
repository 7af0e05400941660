"""The long work of imports, as jobs. Their arguments name the import and nothing else."""

from flask_babel import lazy_gettext as _l

from portal.jobs.kinds import JobKind
from portal.jobs.task import Task
from portal.registry.importing import confirming, preparing, undoing


def look(task: Task) -> None:
    """Read the file and compare it with the registry."""
    preparing.prepare(task.arguments["import_id"], task)


def confirm(task: Task) -> None:
    """Write it."""
    confirming.confirm(task.arguments["import_id"], task)


def undo(task: Task) -> None:
    """Take it back."""
    undoing.undo(task.arguments["import_id"], task)


KINDS = {
    "registry.import_look": JobKind(_l("Look at an imported sheet"), look),
    "registry.import_confirm": JobKind(_l("Import a sheet"), confirm),
    "registry.import_undo": JobKind(_l("Undo an import"), undo),
}
