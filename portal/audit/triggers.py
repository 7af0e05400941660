"""What the database itself refuses, whoever asks: changing or deleting an entry. For the migration.

Only ``position`` and ``digest`` are set later, once. Somebody who may drop a trigger can get past it:
``portal.audit.proof`` finds that.
"""

from sqlalchemy import Connection

REFUSAL = "an audit entry is never changed or deleted"

SQLITE = (
    f"""CREATE TRIGGER audit_entry_never_changed BEFORE UPDATE ON audit_entry
        WHEN OLD.position IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.uid IS NOT OLD.uid
        OR NEW.unit_id IS NOT OLD.unit_id OR NEW.at IS NOT OLD.at OR NEW.action IS NOT OLD.action
        OR NEW.subject IS NOT OLD.subject OR NEW.subject_id IS NOT OLD.subject_id
        OR NEW.account_id IS NOT OLD.account_id OR NEW.actor IS NOT OLD.actor OR NEW.reason IS NOT OLD.reason
        OR NEW.details IS NOT OLD.details OR NEW.request_id IS NOT OLD.request_id OR NEW.mac IS NOT OLD.mac
        OR NEW.county_id IS NOT OLD.county_id OR NEW.street_id IS NOT OLD.street_id
        OR NEW.community_id IS NOT OLD.community_id OR NEW.group_id IS NOT OLD.group_id
        OR NEW.grid_id IS NOT OLD.grid_id
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_entry_never_deleted BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER audit_entry_never_changed BEFORE UPDATE ON audit_entry FOR EACH ROW
       WHEN (OLD.position IS NOT NULL
             OR to_jsonb(NEW) - 'position' - 'digest' IS DISTINCT FROM to_jsonb(OLD) - 'position' - 'digest')
       EXECUTE FUNCTION audit_entry_refuse()""",
    """CREATE TRIGGER audit_entry_never_deleted BEFORE DELETE ON audit_entry FOR EACH ROW
       EXECUTE FUNCTION audit_entry_refuse()""",
    """CREATE TRIGGER audit_entry_never_emptied BEFORE TRUNCATE ON audit_entry
       EXECUTE FUNCTION audit_entry_refuse()""",
)
SQLITE_REMOVAL = (
    "DROP TRIGGER IF EXISTS audit_entry_never_changed",
    "DROP TRIGGER IF EXISTS audit_entry_never_deleted",
)
POSTGRESQL_REMOVAL = ("DROP FUNCTION IF EXISTS audit_entry_refuse() CASCADE",)


def install(connection: Connection) -> None:
    """Create the triggers."""
    _run(connection, SQLITE, POSTGRESQL)


def remove(connection: Connection) -> None:
    """Drop the triggers, if they are there: before SQLite rebuilds the table in a migration."""
    _run(connection, SQLITE_REMOVAL, POSTGRESQL_REMOVAL)


def _run(connection: Connection, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if connection.dialect.name == "sqlite" else postgresql:
        connection.exec_driver_sql(statement)
