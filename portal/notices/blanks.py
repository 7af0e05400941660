"""Templates of our own, whose blanks the portal fills with what it knows. Their texts are files in ``data/``.

A file's first line is the title; a line 主送： or 称呼： after it says whom the notice is addressed to; the rest is
the body in the safe text format. Blanks are written ``{起始}``. What the portal can't fill stays in the text as
〔请填写：…〕, and nothing is sent for approval before somebody has filled it in. The law is never in a template: it
comes from the order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal.access.acting import Level
from portal.clock import local
from portal.notices.kinds import NoticeKind
from portal.orders.measures import kinds
from portal.orders.models import Order
from portal.orders.service import measure_of
from portal.printing.words import CHINESE, day_in_words
from portal.units.models import Unit

DATA = Path(__file__).resolve().parent / "data"
BLANK = re.compile(r"\{([^{}\n]{1,20})\}")
SPACES_OF_SCREENS = re.compile(r"(?<=[^\x00-\x7f]) (?=\d)|(?<=\d) (?=[^\x00-\x7f])")  # paper sets none
ADDRESSED = re.compile(r"(主送|称呼)：")
PASSES_OF_HOUSEHOLDS = ("passes", "household")
PLACES = (Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True)
class Template:
    """``code`` names its file; ``name`` is lazy, for those who choose."""

    code: str
    kind: NoticeKind
    name: Any


@dataclass(frozen=True)
class Beginning:
    """What a notice begins with: a template with its blanks filled, as far as could be."""

    title: str = ""
    addressees: str = ""
    body: str = ""


TEMPLATES = (
    Template("closure", NoticeKind.ANNOUNCEMENT, _l("Closed management begins")),
    Template("extension", NoticeKind.ANNOUNCEMENT, _l("Closed management goes on")),
    Template("reopening", NoticeKind.ANNOUNCEMENT, _l("Closed management ends")),
    Template("pass_rules", NoticeKind.ANNOUNCEMENT, _l("Passes: how to get, use and change them")),
    Template("screening", NoticeKind.CIRCULAR, _l("Testing and screening of everybody")),
    Template("duty", NoticeKind.CIRCULAR, _l("Duty and patrols")),
    Template("home_isolation", NoticeKind.INFORMATION, _l("Home isolation: what has to be done")),
    Template("health_watch", NoticeKind.INFORMATION, _l("Health monitoring at home")),
    Template("persuasion", NoticeKind.INFORMATION, _l("Rules were broken: persuasion in writing")),
    Template("errands", NoticeKind.REMINDER, _l("Going out and shopping")),
    Template("gatherings", NoticeKind.REMINDER, _l("Weddings and funerals: put off, keep small")),
    Template("rumours", NoticeKind.REMINDER, _l("Rumours")),
    Template("letter", NoticeKind.LETTER, _l("During closed management")),
)


def templates(kind: NoticeKind) -> list[Template]:
    """The templates of a kind."""
    return [template for template in TEMPLATES if template.kind is kind]


def begin(kind: NoticeKind, code: str, known: Mapping[str, str]) -> Beginning:
    """The template of that kind and code with what is ``known`` in its blanks; an empty text if there is none."""
    if not any(template.code == code for template in templates(kind)):
        return Beginning()
    title, addressees, body = _read(code)
    return Beginning(*(fill(part, known) for part in (title, addressees, body)))


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with its blanks filled; one that nothing is known of becomes 〔请填写：…〕."""
    return BLANK.sub(lambda blank: known.get(blank[1]) or f"〔请填写：{blank[1]}〕", text)


def what_is_known(unit: Unit, order: Order | None, hotline: str, today: date) -> dict[str, str]:
    """What the portal can put into the blanks of a notice of this unit that rests on this order."""
    known = {"单位": place_name(unit), "日期": day_in_words(today), "热线": hotline}
    if order is not None:
        known |= {
            "指令名称": order.title,
            "指令文号": order.number,
            "法律依据": _first_sentence(order.legal_basis),
            "起始": official_moment(order.effective_from),
            "截止": official_end(order.until),
            "出入规则": _pass_rule(order),
        }
    return known


def place_name(unit: Unit) -> str:
    """重阳街道豫苑社区: a community with its street; streets and counties by their own name."""
    above = unit.parent
    if unit.level is Level.COMMUNITY and above is not None and above.name not in unit.full_name:
        return f"{above.full_name}{unit.full_name}"
    return unit.full_name


def official_moment(when: datetime) -> str:
    """2026年2月4日8时, or 8时30分."""
    here = local(when)
    return f"{day_in_words(here)}{_hour(here.time())}"


def official_end(when: datetime) -> str:
    """The same; midnight is 24时 of the day before, as orders write it."""
    here = local(when)
    if here.time() == time(0):
        return f"{day_in_words(here - timedelta(days=1))}24时"
    return official_moment(when)


def _hour(at: time) -> str:
    return f"{at.hour}时{at.minute}分" if at.minute else f"{at.hour}时"


def _first_sentence(text: str) -> str:
    return re.split(r"[。\n]", text.strip(), maxsplit=1)[0]


def _pass_rule(order: Order) -> str:
    """What the order says of household passes, as one paragraph; empty if it doesn't speak of them."""
    area, item = PASSES_OF_HOUSEHOLDS
    measure, kind = measure_of(order, area, item), kinds().get(area)
    if measure is None or kind is None:
        return ""
    with force_locale(CHINESE):
        said = "".join(_closed(sentence) for sentence in kind.describe(measure.parameters))
    return SPACES_OF_SCREENS.sub("", said)


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith("。") else f"{sentence.rstrip('.')}。"


@cache
def _read(code: str) -> tuple[str, str, str]:
    title, *rest = (DATA / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    addressees = ""
    if rest and ADDRESSED.match(rest[0]):
        addressees = ADDRESSED.sub("", rest.pop(0), count=1).removesuffix("：")
    return title, addressees, "\n".join(line for line in rest if line).strip()
