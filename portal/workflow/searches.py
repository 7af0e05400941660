"""What somebody searches for: posted, and answered under an address that says nothing, for fifteen minutes.

The words are kept sealed for the account that typed them. What they find is looked up anew whenever the address is
opened, with the eyes of whoever opens it.
"""

from portal.access.acting import acting
from portal.accounts import keeping
from portal.accounts.models import Keeping

LONGEST = 60


def keep(words: str) -> str:
    """Keep what the one acting now typed. Returns the name of the search: 32 hex digits."""
    shown = "".join(character if character.isprintable() else " " for character in words)
    content = {"words": " ".join(shown.split())[:LONGEST]}
    return keeping.keep(Keeping.SEARCH, acting().account_id, content)


def words_of(name: str) -> str | None:
    """What was typed; None once it has lapsed, and for everybody but who typed it."""
    content = keeping.kept(Keeping.SEARCH, name, acting().account_id)
    return None if content is None else str(content["words"])
