"""Forms: the base class and the fields that everybody uses. Each field knows what it asks for (``thing``).

``phone = PhoneLine(_l("Mobile number"), thing=_l("a mobile number"))`` asks "Enter a mobile number" when it is
left empty. A field is asked for unless it is ``optional``. Nothing of WTForms' own wording is shown.
"""

import re
import secrets
from typing import Any, NoReturn

from flask import Flask, request
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from portal.web.sentences import OurSentences

GROUPS = ("chips",)  # drawn as a fieldset, which knows no aria-invalid
ONCE = re.compile(r"[A-Za-z0-9_-]{22}")


def new_once() -> str:
    """A token by which a form that arrives twice is known: 22 characters."""
    return secrets.token_urlsafe(16)


class OnceField(HiddenField):
    """Made when the form is blank, kept when it is shown again; what is no token of ours is replaced."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=new_once, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and ONCE.fullmatch(str(valuelist[0])):
            self.data = str(valuelist[0])


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """The base of every form.

    In a view: ``if form.validate_on_submit(): …`` and else ``page(…, fragment="form", status=form.status)``.
    """

    once = OnceField()

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF is untyped
        def get_translations(self, form: Any) -> OurSentences:
            return OurSentences()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            found = super().wrap_formdata(form, formdata)
            if found is None and formdata is not None and form.is_submitted():
                return request.form  # an empty post must not pass for a blank form with its defaults
            return found

    @property
    def status(self) -> int:
        """200 for a blank form, 422 for one that has something to mend."""
        return 422 if self.errors else 200

    def problems(self) -> list[tuple[str, str]]:
        """For the summary on top, in the order of the page: (id of the control, what to do)."""
        found = [("", str(error)) for error in self.form_errors]
        return found + [(anchor(field), first_error(field)) for field in self if field.errors]

    def populate_obj(self, obj: Any) -> NoReturn:
        raise TypeError("Name the fields that are written: populate_obj would write whatever was posted.")


def anchor(field: Field) -> str:
    """The id of the control that takes the focus: of chips it is the first one."""
    return f"{field.id}-0" if getattr(field, "look", "") == "chips" else str(field.id)


def first_error(field: Field) -> str:
    """One sentence a field, also for fields made of several (``FormField`` and lists give dicts and lists)."""
    errors: Any = field.errors
    while isinstance(errors, dict | list | tuple):
        errors = next(iter(errors.values() if isinstance(errors, dict) else errors), "")
    return str(errors)


def described(field: Field, attributes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The attributes that tie a control to its hint and error, with further ones added."""
    about = [f"{field.id}-hint"] if field.description else []
    about += [f"{field.id}-error"] if field.errors else []
    aria = {"aria-describedby": " ".join(about)} if about else {}
    if field.errors and getattr(field, "look", "") not in GROUPS:
        aria["aria-invalid"] = "true"
    return aria | (attributes or {})


def init_app(app: Flask) -> None:
    """What the components need of forms."""
    app.jinja_env.globals.update(described=described, first_error=first_error, new_once=new_once)
