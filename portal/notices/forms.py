"""The forms of notices: the text, how it goes out, the letterhead, and the steps."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.notices import rules
from portal.notices.kinds import SEALING_LABELS, NoticeKind, Sealing
from portal.notices.models import Letterhead, Notice
from portal.notices.numbering import Heading
from portal.notices.service import Terms, Text
from portal.web.fields import Chips, Choice, HiddenLine, ManyChips, Number, TextBox, TextLine, Tick
from portal.web.formats import lines_of
from portal.web.forms import Form

ADDRESSED = {  # whom a kind is addressed to, and what that is called; the others are addressed to nobody
    NoticeKind.CIRCULAR: _l("Addressees (主送)"),
    NoticeKind.INFORMATION: _l("Form of address"),
    NoticeKind.LETTER: _l("Form of address"),
}
ROWS_OF_BODY = 18
MARK = re.compile(r"[\u4e00-\u9fff]{2,12}")
HIGHEST_NUMBER = 9_999


class TextForm(Form):
    """What a notice says. ``version`` is the one that the form began with, so that nobody overwrites another's work."""

    title = TextLine(_l("Title"), limit=rules.LONGEST_TITLE, thing=_l("the title"))
    addressees = TextLine(_l("Addressees (主送)"), limit=300, optional=True)
    body = TextBox(
        _l("Text"),
        limit=rules.LONGEST_BODY,
        thing=_l("the text"),
        hint=_l(
            "One paragraph a line. Headings begin with 一、 （一） 1. or （1）, lists with “- ”; "
            "cells of a table are divided by |."
        ),
        render_kw={"rows": ROWS_OF_BODY},
    )
    attachments = TextBox(_l("Attachments"), optional=True, limit=500, hint=_l("One on each line"))
    order_id = Choice(_l("Rests on"), coerce=int, optional=True)
    version = HiddenLine("", optional=True, limit=6)

    def __init__(
        self, kind: NoticeKind, orders: list[tuple[int, str]], *, latest: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.kind, self.latest = kind, latest
        self.order_id.choices = [("", _l("No order")), *orders]
        if kind in ADDRESSED:
            self.addressees.label.text = str(ADDRESSED[kind])
        else:
            del self.addressees
        if not kind.is_official:
            del self.attachments

    @classmethod
    def of(cls, notice: Notice, orders: list[tuple[int, str]]) -> "TextForm":
        """Filled with what a draft says; what was posted wins."""
        said = {name: getattr(notice, name) for name in Text.__dataclass_fields__}
        return cls(notice.kind, orders, latest=notice.version, data=said | {"version": str(notice.version)})

    def validate_title(self, field: TextLine) -> None:
        """The title ends in the word of its kind, and is never a 公告."""
        if problem := rules.title_problem(self.kind, field.data or ""):
            raise ValidationError(str(problem))

    def validate_version(self, field: HiddenLine) -> None:
        """Of two who change the same draft, the second is told, and decides."""
        if self.latest and field.data != str(self.latest):
            field.data = str(self.latest)
            self.body.errors = [
                _("Somebody changed this text meanwhile. Compare the versions, then keep yours again.")
            ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Field by field; also not where somebody else was faster."""
        return bool(super().validate(extra_validators)) and not self.errors

    def text(self) -> Text:
        """What was entered, of a valid form."""
        return Text(
            title=self.title.data or "",
            body=self.body.data or "",
            addressees=self.addressees.data or "" if "addressees" in self else "",
            attachments=self.attachments.data or "" if "attachments" in self else "",
            order_id=self.order_id.data,
        )


class TermsForm(Form):
    """How a notice goes out. What the letterhead says is the default of all that is left empty."""

    audience = ManyChips(
        _l("For whom"), coerce=int, optional=True, hint=_l("None ticked: everybody in the unit")
    )
    is_public = Tick(_l("Show on the public page"))
    contact = TextLine(_l("Telephone for questions"), optional=True, limit=120)
    signers = TextBox(
        _l("Signed by"), optional=True, limit=200, hint=_l("One on each line; empty: as the letterhead says")
    )
    sealing = Chips(
        _l("Seal"), choices=list(SEALING_LABELS.items()), coerce=Sealing, thing=_l("how it is sealed")
    )
    note = TextLine(_l("Note under the date"), optional=True, limit=120, hint=_l("Like 此件公开发布"))
    copies_to = TextLine(_l("Copies to (抄送)"), optional=True, limit=200)
    letter_format = Tick(_l("Letter format (信函格式)"))

    def __init__(self, notice: Notice, units: list[tuple[int, str]], **kwargs: Any) -> None:
        said = {name: getattr(notice, name) for name in Terms.__dataclass_fields__}
        super().__init__(data=said, **kwargs)
        self.audience.choices = units
        if not notice.kind.is_official:
            del self.copies_to, self.letter_format, self.note

    def terms(self) -> Terms:
        """What was entered, of a valid form."""
        official = "copies_to" in self
        return Terms(
            contact=self.contact.data or "",
            signers="\n".join(lines_of(self.signers.data or "")),
            sealing=self.sealing.data,
            note=self.note.data or "" if official else "",
            copies_to=self.copies_to.data or "" if official else "",
            letter_format=bool(self.letter_format.data) if official else False,
            audience=tuple(self.audience.data or ()),
            is_public=bool(self.is_public.data),
        )


class LetterheadForm(Form):
    """版头 of one's own unit."""

    head = TextLine(
        _l("Red head"), limit=60, thing=_l("the red head"), hint=_l("Like 上蔡县重阳街道办事处文件")
    )
    code = TextLine(
        _l("Mark in the number (机关代字)"),
        limit=12,
        thing=_l("the mark"),
        hint=_l("Like 重街办; the number becomes 重街办〔2026〕1号"),
    )
    signature = TextLine(_l("Signature"), limit=60, thing=_l("the signature"))
    printed_by = TextLine(_l("Printed and sent by (印发机关)"), limit=60, thing=_l("who prints and sends it"))
    phone = TextLine(_l("Hotline"), limit=40, narrow=True, optional=True)
    last_on_paper = Number(
        _l("Last number given out this year on paper"),
        optional=True,
        low=1,
        high=HIGHEST_NUMBER,
        hint=_l("The portal goes on counting from there. It never goes back."),
    )

    def validate_code(self, field: TextLine) -> None:
        """Chinese characters alone: brackets, year and figures are added."""
        if not MARK.fullmatch(field.data or ""):
            raise ValidationError(_("Use 2 to 12 Chinese characters, without brackets, year or figures"))

    @classmethod
    def of(cls, kept: Letterhead | None, heading: Heading) -> "LetterheadForm":
        """Filled with the letterhead, or with what is proposed where there is none."""
        return cls(obj=kept or heading)

    def heading(self) -> Heading:
        """What was entered, of a valid form."""
        parts = {name: self[name].data or "" for name in Heading.__dataclass_fields__}
        return Heading(**parts)


class SubmitForm(Form):
    """Sent for approval. Words that residents are called by are ticked one by one as being no names."""

    not_names = ManyChips(_l("These words are no residents' names here"), optional=True)

    def __init__(self, words: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words
        self.not_names.choices = [(word, word) for word in words]

    def validate(self, extra_validators: Any = None) -> bool:
        """All of them, or the text has to be changed."""
        valid = bool(super().validate(extra_validators))
        if valid and rules.not_yet_looked_at(self.words, self.not_names.data or []):
            self.not_names.errors = [_("Tick each word, or take the name out of the text")]
        return valid and not self.errors
