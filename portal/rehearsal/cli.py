"""``flask rehearsal …``: a synthetic population from a terminal."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import event

from portal.access.scope import everywhere
from portal.database import db, learn_sizes
from portal.rehearsal import building
from portal.rehearsal.building import Built, NotBuilt

COUNTY = "411722"
HOUSEHOLDS = {"street": 21_000, "county": 350_000}
SEED = 411722003
ROOM = "PRAGMA cache_size=-262144"  # KiB

commands = AppGroup("rehearsal", help="Invented people, plainly marked, as many as a real place has.")


@commands.command("build")
@click.option("--street", metavar="CODE", help="Fill the street with this division code, like 411722003.")
@click.option("--county", is_flag=True, help=f"Fill the whole county ({COUNTY}).")
@click.option(
    "--households", type=click.IntRange(1), help="How many: 21000 for a street, 350000 for a county."
)
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same people."
)
def build_population(street: str | None, county: bool, households: int | None, seed: int) -> None:
    """Build a population in an empty installation or a demonstration: all or nothing, and once."""
    if bool(street) == county:
        raise click.UsageError(_("Say either --street CODE or --county."))
    give_sqlite_room()
    many = households or HOUSEHOLDS["county" if county else "street"]
    with everywhere(because="a rehearsal is built for the whole installation"):
        try:
            built = _with_progress(street or COUNTY, many, seed)
        except NotBuilt as refusal:
            db.session.rollback()
            raise click.ClickException(str(refusal)) from None
        db.session.commit()
    learn_sizes()
    click.echo(
        _(
            "Households: %(households)s, people: %(people)s, workers: %(workers)s, digest: %(digest)s",
            **vars(built),
        )
    )


def give_sqlite_room() -> None:
    """By itself SQLite keeps 2 MB of the file in memory: a county's indexes grow at many more places at once."""
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute(ROOM))


def _with_progress(code: str, households: int, seed: int) -> Built:
    with click.progressbar(length=households, item_show_func=lambda name: name) as bar:

        def tell(community: str, done: int) -> None:
            bar.update(done, community)

        return building.build(code, households, seed=seed, tell=tell)
