"""The registry's search finds key persons, too: by whatever it finds the people by."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import literal, select, union_all

from portal.access.acting import may
from portal.access.policy import May
from portal.database import db
from portal.registry.models import Resident
from portal.registry.searching.finding import Hit, ways_to_people
from portal.registry.searching.understanding import understood
from portal.screenings.keypersons.service import ENDED
from portal.screenings.models import KeyPerson
from portal.web.formats import mask_name

MOST = 10


def by_person(words: str) -> Sequence[Hit]:
    """The key persons among the first people whom the words can mean, each once, those under way first."""
    ways = list(ways_to_people(understood(words)))
    if not ways or not may(May.SEE_SCREENINGS):
        return []
    asked = [question.subquery() for _why, question in ways]
    people = union_all(
        *(select(one.c.id, literal(place).label("way")) for place, one in enumerate(asked))
    ).subquery()
    found = (
        select(KeyPerson.id, KeyPerson.category, KeyPerson.state, Resident.name, people.c.way)
        .join(people, people.c.id == KeyPerson.resident_id)
        .join(Resident, Resident.id == KeyPerson.resident_id)
        .order_by(KeyPerson.state.in_(ENDED), people.c.way, KeyPerson.id.desc())
    )
    hits: dict[int, Hit] = {}
    for row in db.session.execute(found.limit(MOST * len(ways))):
        why, _question = ways[row.way]
        under = _(", ").join((row.category.label, row.state.label))
        url = url_for("keypersons.show", key_person_id=row.id)
        hits.setdefault(row.id, Hit(url, mask_name(row.name), under, why))
    return list(hits.values())[:MOST]
