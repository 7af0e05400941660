"""``flask units …``: the tree from a terminal."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from portal.access.scope import everywhere
from portal.database import db
from portal.units import importing
from portal.units.reading import LARGEST_FILE, NotImported

commands = AppGroup("units", help="The tree of units.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_units(file: Path) -> None:
    """Load FILE, .xlsx or .csv (code, name, level, parent_code): all or nothing; a second time changes nothing."""
    with file.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    with everywhere(because="the tree is that of the whole installation"):
        try:
            plan = importing.import_file(content)
        except NotImported as refusal:
            db.session.rollback()
            for problem in refusal.problems:
                click.echo(str(problem), err=True)
            raise click.ClickException(_("Nothing was imported.")) from None
        for _unit, before, row in plan.renamed:
            click.echo(
                _("Row %(row)s: %(before)s is now %(after)s", row=row.number, before=before, after=row.name)
            )
        db.session.commit()
    click.echo(_("New: %(new)s, changed: %(changed)s, same: %(same)s", **plan.counts))
