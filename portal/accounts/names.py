"""Sign-in names: what they may look like, and one made from a person's name."""

import re

from pypinyin import Style, lazy_pinyin
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.accounts.models import Account
from portal.database import db
from portal.web.formats import DEMO_MARK

SHAPE = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_BASE = 30


def free_name(name: str) -> str:
    """张学敏 → zhangxuemin, or zhangxuemin2 where that is taken."""
    spelled = "".join(lazy_pinyin(name.removeprefix(DEMO_MARK), style=Style.NORMAL))
    base = re.sub(r"[^a-z0-9]", "", spelled.lower())[:LONGEST_BASE] or "user"
    with everywhere(because="a sign-in name is unique in the whole installation"):
        taken = set(
            db.session.scalars(select(Account.sign_in_name).where(Account.sign_in_name.startswith(base)))
        )
    if base not in taken and SHAPE.fullmatch(base):
        return base
    return next(made for number in range(2, len(taken) + 3) if (made := f"{base}{number}") not in taken)
