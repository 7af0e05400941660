"""Who may appoint whom, to what, where. Pure: no database, no clock.

Nobody appoints above or beside himself: a unit's people are appointed by the units above it. Gatekeepers are the
exception; they work under the command post of their own unit. Only administrators appoint administrators.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.access.acting import Acting, Place
from portal.access.policy import May, Role
from portal.accounts.models import LEVELS


@dataclass(frozen=True)
class Post:
    """A role at a place; ``place`` is None for the whole installation."""

    place: Place | None
    role: Role


def fits(post: Post) -> bool:
    """Whether there is such a post at all: commanders work at communities, administrators nowhere in the tree."""
    if post.place is None:
        return post.role == Role.ADMIN
    return post.place.level in LEVELS[post.role]


def may_give(giver: Acting, post: Post) -> bool:
    """Whether ``giver`` may appoint somebody to this post, and end such an appointment."""
    if not giver.may(May.MANAGE_ACCOUNTS) or not fits(post):
        return False
    if giver.place is None:
        return True
    if post.place is None or not giver.place.holds(post.place):
        return False
    return post.place.unit_id != giver.place.unit_id or post.role == Role.GATEKEEPER


def may_manage(giver: Acting, account_id: int, posts: Iterable[Post]) -> bool:
    """Whether ``giver`` may reset, disable or enable an account that has these posts.

    Who resets a password can sign in as that person: so each post must be the giver's to give, and nobody does
    it to himself.
    """
    return account_id != giver.account_id and all(may_give(giver, post) for post in posts)


def roles_at(giver: Acting, place: Place | None) -> list[Role]:
    """What ``giver`` may appoint people to at this place."""
    return [role for role in Role if may_give(giver, Post(place, role))]
