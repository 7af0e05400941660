"""What stands on the verdict's page, in the words of the reader's language."""

from dataclasses import dataclass

from flask_babel import lazy_pgettext, pgettext

from portal.gate.checking import Sight
from portal.gate.instead import may_have_missed
from portal.passes.verdicts import Alternative, Direction, Verdict
from portal.passes.wording import headline, sentence
from portal.web.formats import mask_name

# One short word each: it stands in letters of 64 px.
WORDS = {
    Verdict.GREEN: lazy_pgettext("at a gate, very short", "Go"),
    Verdict.AMBER: lazy_pgettext("at a gate, very short", "Look"),
    Verdict.RED: lazy_pgettext("at a gate, very short", "Stop"),
}
BOTH = (Direction.EXIT, Direction.ENTRY)


@dataclass(frozen=True)
class Face:
    """``colour`` is the class of the page; ``buttons`` are directions in the order of the page."""

    colour: str
    word: str
    headline: str
    sentence: str
    main: Direction
    buttons: tuple[Direction, ...]
    may_turn_back: bool
    may_go_specially: bool
    may_have_missed: bool


def face(sight: Sight) -> Face:
    """The verdict in words, and what can be done. Without a pass there is no special exit with it."""
    decision = sight.decision
    red = decision.verdict is Verdict.RED
    green = decision.verdict is Verdict.GREEN
    missed = sight.paper is not None and may_have_missed(decision)
    return Face(
        colour=decision.verdict.value,
        word=str(WORDS[decision.verdict]),
        headline=sentence(decision) if green else headline(decision),
        sentence="" if green else sentence(decision),
        main=decision.direction,
        buttons=() if red else (decision.direction,) if missed or sight.paper is None else BOTH,
        may_turn_back=red and Alternative.TURN_BACK in decision.alternatives,
        may_go_specially=sight.paper is not None
        and not missed  # what was missed comes first; a special exit without a pass is possible all the same
        and Alternative.SPECIAL_EXIT in decision.alternatives,
        may_have_missed=missed,
    )


def paper_lines(sight: Sight, *, masked: bool) -> tuple[list[str], list[str]]:
    """What the paper should say: who and where in large type, the rest below. Masked where no paper is there."""
    paper = sight.paper
    if paper is None:
        return [], []
    comma = pgettext("between items", ", ")
    series = pgettext("on a pass", "Series %(series)s", series=paper.series) if paper.series else ""
    kind = comma.join(filter(None, (f"{paper.kind.label} {_end(paper.serial)}", series)))
    gates = comma.join(paper.gates)
    new = (
        pgettext("on a pass", "New pass %(serial)s", serial=_end(paper.successor)) if paper.successor else ""
    )
    holder = mask_name(paper.holder) if masked else paper.holder
    return [holder, paper.place], [line for line in (new, kind, paper.limits, paper.valid, gates) if line]


def _end(serial: str) -> str:
    """Without the number of the community: 000123-K."""
    return serial.partition("-")[2]
