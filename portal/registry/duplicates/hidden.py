"""What turned out to be the same as another record is kept, and hidden from every question but those that ask for it.

The condition is put on every statement of the session, so that no list of any workflow has to think of it.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column, with_loader_criteria

from portal.database import Session

WITH_MERGED = {"with_merged": True}  # execution options of a question that wants the hidden ones, too


class Mergeable:
    """A record that can turn out to be the same as another one of its table. ``merged_into_id`` names that one.

    Each model repeats the column with its foreign key.
    """

    merged_into_id: Mapped[int | None] = mapped_column()


@event.listens_for(Session, "do_orm_execute")
def hide_what_was_merged(state: ORMExecuteState) -> None:
    """Show of each pair the one that was kept."""
    if state.is_column_load or state.execution_options.get("with_merged"):
        return
    hidden: Any = with_loader_criteria(
        Mergeable, lambda cls: cls.merged_into_id.is_(None), include_aliases=True
    )
    state.statement = state.statement.options(hidden)
