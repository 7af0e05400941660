"""The forms of signing in, of one's own account, and of looking after others'."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.access.policy import Role
from portal.accounts.models import TITLES, Title
from portal.accounts.names import SHAPE
from portal.accounts.passwords import objection
from portal.accounts.signing_in import tidy_name
from portal.clock import today
from portal.web.fields import Chips, Day, HiddenLine, PhoneLine, Secret, TextBox, TextLine
from portal.web.forms import Form

CODE_KEYS = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(Form):
    """Name and password, and where to go afterwards."""

    name = TextLine(
        _l("Sign-in name"),
        thing=_l("your sign-in name"),
        limit=40,
        narrow=True,
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = Secret(_l("Password"), thing=_l("your password"))
    next = HiddenLine("", optional=True, limit=500)


class CodeForm(Form):
    """The second factor when signing in."""

    code = TextLine(
        _l("Verification code"),
        thing=_l("the verification code"),
        limit=20,
        narrow=True,
        hint=_l("Six figures from the app, or one of your recovery codes"),
        render_kw=CODE_KEYS,
    )


class ConfirmCodeForm(Form):
    """The first code of a new second factor."""

    code = TextLine(
        _l("Verification code"),
        thing=_l("the verification code"),
        limit=8,
        narrow=True,
        hint=_l("Six figures, as the app shows them now"),
        render_kw=CODE_KEYS | {"inputmode": "numeric"},
    )


class NewPasswordForm(Form):
    """A password of one's own. ``names`` are the person's, which it may not be made of."""

    password = Secret(
        _l("New password"),
        thing=_l("a new password"),
        autocomplete="new-password",
        hint=_l("At least 10 characters. Three unrelated words are easy to remember and hard to guess."),
    )
    again = Secret(
        _l("New password once more"), thing=_l("the new password once more"), autocomplete="new-password"
    )

    def __init__(self, names: Iterable[str], **kwargs: Any) -> None:
        self.names = tuple(names)
        super().__init__(**kwargs)

    def validate_password(self, field: Secret) -> None:
        if sentence := objection(field.data or "", self.names):
            raise ValidationError(sentence)

    def validate_again(self, field: Secret) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("Enter the same again"))


class PasswordForm(Form):
    """One's present password, asked before something that matters."""

    present = Secret(_l("Present password"), thing=_l("your present password"))


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    present = Secret(_l("Present password"), thing=_l("your present password"))

    def validate_password(self, field: Secret) -> None:
        super().validate_password(field)
        if field.data == self.present.data:
            raise ValidationError(_("Choose a password that you have not used here before"))


class WhoForm(Form):
    """The person whom an account is for. Administrators are not told phone numbers, so they are not asked for one."""

    name = TextLine(_l("Name"), thing=_l("a name"), limit=60)
    sign_in_name = TextLine(
        _l("Sign-in name"),
        optional=True,
        limit=40,
        narrow=True,
        hint=_l("Small letters and figures. Left empty, it is made from the name."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    phone = PhoneLine(_l("Phone"), optional=True)

    @property
    def person(self) -> tuple[str, str, str]:
        """Name, sign-in name, phone."""
        return self.name.data, self.sign_in_name.data, self.phone.data if "phone" in self else ""

    def validate_sign_in_name(self, field: TextLine) -> None:
        field.data = tidy_name(field.data or "")
        if field.data and not SHAPE.fullmatch(field.data):
            raise ValidationError(_("Use 2 to 40 small letters and figures; . - and _ between them"))


class AppointForm(Form):
    """What an appointment says, once its unit and role are chosen. Gates are offered to gatekeepers only."""

    title = Chips(_l("Position"), thing=_l("a position"))
    gate = Chips(_l("Checkpoint"), thing=_l("a checkpoint"), coerce=int)
    since = Day(_l("First day"), thing=_l("the first day"), near=(0, 1))
    until = Day(_l("Last day"), optional=True, hint=_l("Leave it empty if no end is known"))

    def __init__(self, role: Role, gates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.title.choices = [(title.value, title.label) for title in TITLES[role]]
        if role == Role.GATEKEEPER:
            self.gate.choices = gates
        else:
            del self.gate
        if len(TITLES[role]) == 1:
            self.title.data = self.title.data or TITLES[role][0].value
        self.since.data = self.since.data if self.is_submitted() else today()
        self.since.earliest = today() - timedelta(days=365)

    def validate_until(self, field: Day) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first"))

    @property
    def chosen_title(self) -> Title:
        return Title(self.title.data)

    @property
    def checkpoint_id(self) -> int | None:
        return self.gate.data if "gate" in self else None


class OpenAccountForm(AppointForm, WhoForm):
    """A person and the first appointment."""

    def __init__(self, role: Role, gates: list[tuple[int, str]], *, with_phone: bool, **kwargs: Any) -> None:
        super().__init__(role, gates, **kwargs)
        if not with_phone:
            del self.phone


class EndForm(Form):
    """The end of an appointment."""

    until = Day(
        _l("Last day"),
        thing=_l("the last day"),
        near=(-1, 0),
        hint=_l("The appointment holds to the end of this day. Yesterday ends it at once."),
    )
    reason = TextBox(_l("Reason"), thing=_l("a reason"), limit=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.until.earliest = today() - timedelta(days=1)


class ReasonForm(Form):
    """Why something is done to somebody's account."""

    reason = TextBox(_l("Reason"), thing=_l("a reason"), limit=200)
