"""Everything that a gate's phone says, in the language asked for: it keeps both and needs no network to change."""

from typing import Any

from flask_babel import force_locale, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.gate.face import WORDS
from portal.passes import wording
from portal.passes.kinds import Kind
from portal.passes.purposes import PURPOSES
from portal.passes.verdicts import Direction, Verdict
from portal.web.languages import LANGUAGES

TEXTS: dict[str, Any] = {
    "title": _l("Gate"),
    "demo": _l("Demonstration"),
    "next_code": _lp("on a gate's phone", "Scan, or type the short code"),
    "check": _l("Check"),
    "camera": _l("Scan with the camera"),
    "torch": _lp("on a gate's phone", "Light"),
    "back": _lp("on a gate's phone", "Back"),
    "exit": _lp("through a gate", "Exit"),
    "entry": _lp("through a gate", "Entry"),
    "temperature": _l("Temp. ℃"),
    "temperature_wrong": _l("Enter a temperature from 34.0 to 43.0, like 36.5"),
    "mask": _lp("at a gate", "Mask"),
    "mask_on": _lp("at a gate", "with mask"),
    "mask_off": _lp("at a gate", "without"),
    "turn_back": _lp("at a gate", "Turn back"),
    "special_exit": _l("Special exit…"),
    "other_way": _lp("on a gate's phone", "%(direction)s instead"),
    "direction": _l("Direction"),
    "recorded": _lp("on a gate's phone", "Recorded: %(what)s, %(time)s"),
    "not_recorded": _l("Not recorded: this phone cannot write. Note it on paper and restart the phone."),
    "check_online": _l("This phone does not know the order behind this pass: ask the command post."),
    "trips_unknown": _l("From another community: this gate does not know its trips."),
    "until": _lp("validity", "%(start)s to %(end)s"),
    "any_gate": _l("all gates"),
    "any_hour": _lp("hours", "any hour"),
    "at_most": _lp("time out", "at most %(length)s"),
    "days": _lp("days of the week, Monday first", "Mon Tue Wed Thu Fri Sat Sun"),
    "document_end": _lp("document", "…%(end)s"),
    # ── what is known, and how old it is
    "known": _lp("on a gate's phone", "List of %(when)s, %(age)s old"),
    "known_amber": _lp("on a gate's phone", "The list is more than a day old: find a signal"),
    "known_red": _lp("on a gate's phone", "The list is more than three days old: ask the command post"),
    "known_nothing": _lp("on a gate's phone", "No list yet: a signal is needed once"),
    "just_now": _lp("age of a list", "less than a minute"),
    "waiting": _lp("on a gate's phone", "%(count)s waiting to be sent"),
    "nothing_waits": _lp("on a gate's phone", "all sent"),
    "offline": _lp("on a gate's phone", "no signal"),
    "last_contact": _lp("on a gate's phone", "no signal, last contact %(when)s"),
    "set_aside": _lp("on a gate's phone", "%(count)s refused by the portal"),
    "clock_back": _l("The clock of this phone was set back: set it right, or verdicts may be wrong."),
    "send_now": _lp("on a gate's phone", "Send and fetch now"),
    "export": _lp("on a gate's phone", "Save the refused ones as a file"),
    "from_file": _lp("on a gate's phone", "Read the list from a file"),
    "from_screen": _lp("on a gate's phone", "Read the list off a screen"),
    "still_missing": _lp("on a gate's phone", "%(missing)s codes are still missing"),
    "taken_over": _lp("on a gate's phone", "List taken over: %(when)s"),
    "older": _l("This list is older than the one here, or for another gate: not taken over."),
    "phone": _lp("on a gate's phone, a button", "Phone"),
    "status": _lp("on a gate's phone", "Phone and signal"),
    "persisted": _lp("on a gate's phone", "The browser keeps what waits."),
    "not_persisted": _lp("on a gate's phone", "The browser may clear what waits: send it soon."),
    "language": _lp("the other language", "中文"),
    "desk": _lp("on a gate's phone", "Sign in and work online"),
    # ── pairing
    "pair": _lp("on a gate's phone", "Pair this phone"),
    "pair_how": _l("The command post opens Gates, chooses this gate and shows a code of eight figures."),
    "pair_code": _lp("on a gate's phone", "Code"),
    "pair_name": _lp("on a gate's phone", "Name of the phone"),
    "pair_name_hint": _l("As people call it, like: north gate, black Huawei"),
    "pair_again": _l("This phone is not paired any more. Pair it again: what waits is kept and sent then."),
    "no_signal": _l("No answer from the portal. Look for a signal and try again."),
    "no_storage": _l("This browser keeps nothing (a private window?). Open the page in an ordinary window."),
    # ── on duty
    "on_duty": _lp("on a gate's phone", "Who is on duty?"),
    "pin": _lp("on a gate's phone", "PIN of %(name)s"),
    "pin_wrong": _l("Not this PIN. Try again."),
    "pin_wait": _l("Too many wrong ones: wait %(seconds)s seconds."),
    "unlock": _lp("on a gate's phone", "Begin"),
    "lock": _lp("on a gate's phone", "Lock"),
    "hand_over": _lp("on a gate's phone", "Hand over"),
    "handed_over": _lp(
        "on a gate's phone", "Handed over: exits %(exits)s, entries %(entries)s, turned back %(back)s"
    ),
    "nobody": _l(
        "Nobody of this gate has a PIN yet. Sign in at the desk, set one, then fetch the list again."
    ),
    # ── without a pass
    "without": _lp("on a gate's phone", "Without a pass"),
    "forgotten": _l("Pass forgotten"),
    "visitor": _lp("at a gate", "Visitor"),
    "special": _lp("at a gate", "Special exit"),
    "room": _lp("at a gate", "Room, like 3号院6号楼2单元301"),
    "room_needed": _l("Enter the room"),
    "why": _l("Why"),
    "note": _lp("at a gate", "In a few words, no names"),
    "confirmed": _lp("at a gate", "The household has confirmed the visit"),
    "confirm_first": _l("Ask the household first"),
    "look_up": _lp("at a gate", "Look up the pass"),
    "nothing_found": _lp("at a gate", "No pass found for this room"),
    "write_down": _lp("at a gate", "Write it down"),
    "needs_signal": _l(
        "A short code can only be checked with a signal. Scan the code, or write the room down."
    ),
    "turned_back": _lp("on a gate's phone", "Turned back today: people %(people)s, vehicles %(vehicles)s"),
    "person": _lp("turned back", "A person"),
    "vehicle": _lp("turned back", "A vehicle"),
    "from": _lp("at a gate", "From %(neighbour)s"),
    # ── the camera
    "camera_refused": _l(
        "The browser may not use the camera: allow it in the settings of this page, or type."
    ),
    "camera_none": _l("This phone has no camera that the browser can use: type, or use a scanner."),
    "camera_busy": _l("Another programme holds the camera: close it."),
    "camera_insecure": _l("The camera works on https only."),
    "camera_unsupported": _l("This browser cannot use the camera: type, or use a scanner."),
    "camera_not_loaded": _l("The reader for the camera must be loaded once with a signal."),
    "camera_lost": _l("The camera has stopped: start it again."),
}
LENGTHS: dict[str, tuple[Any, Any]] = {
    "minutes": (_lp("length of time", "1 minute"), _lp("length of time", "%(num)s minutes")),
    "hours": (_lp("length of time", "1 hour"), _lp("length of time", "%(num)s hours")),
    "days": (_lp("length of time", "1 day"), _lp("length of time", "%(num)s days")),
}


def words_in(language: str) -> dict[str, Any]:
    """All words of a phone in one language, as plain JSON."""
    with force_locale(language):
        own = _verdicts()
        return {
            "language": language,
            "text": _plain(TEXTS),
            "length": {name: [str(one), str(many)] for name, (one, many) in LENGTHS.items()},
            "near": {"-1": _("yesterday"), "0": _("today"), "1": _("tomorrow")},
            # l10n: day and month of a date
            "date": pgettext("pattern of a phone", "%(day)s/%(month)s"),
            "moment": _("%(day)s %(time)s"),
            "comma": pgettext("between items", ", "),
            "sentence": _("%(fact)s %(step)s"),
            "headlines": _plain(wording.HEADLINES),
            "facts": _plain(wording.FACTS),
            "steps": _plain(wording.STEPS),
            "ends": _plain(wording.ENDS),
            "verdicts": own,
            "others": _others(language),
            "directions": {one.value: one.label for one in Direction},
            "kinds": {one.value: one.label for one in Kind},
            "purposes": {one.value: one.label for one in PURPOSES[Kind.SPECIAL]},
            "visits": {one.value: one.label for one in PURPOSES[Kind.VISITOR]},
            "errands": {one.value: one.label for one in PURPOSES[Kind.HOUSEHOLD]},
        }


def _others(language: str) -> dict[str, str]:
    """The verdicts in the other language, to stand small beside the large one."""
    other = next(one for one in LANGUAGES if one != language)
    with force_locale(other):
        return _verdicts()


def _verdicts() -> dict[str, str]:
    return {verdict.value: str(WORDS[verdict]) for verdict in Verdict}


def _plain(table: dict[Any, Any]) -> dict[str, str]:
    return {str(getattr(name, "value", name)): str(text) for name, text in table.items()}
