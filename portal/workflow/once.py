"""Sending a form twice writes once: the double click, the second try on a bad line.

Every form carries a token in the hidden field ``once``. The token is written in the same transaction as what the
form did; a second post with it is led to where the first one went. This is done for all posts of all areas.
"""

from datetime import timedelta

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal.clock import now
from portal.database import db
from portal.workflow.models import SentOnce

REMEMBERED = timedelta(days=2)
LONGEST_TOKEN = 64


def init_app(app: Flask) -> None:
    """Look at every post before its view, and after it."""
    app.before_request(answer_a_repeated_form)
    app.after_request(remember_where_it_led)


def answer_a_repeated_form() -> ResponseReturnValue | None:
    """Lead a repeated post to where the first one went. The first one claims its token here."""
    token = request.form.get("once", "") if request.method == "POST" else ""
    who = g.get("acting")
    if who is None or not 16 <= len(token) <= LONGEST_TOKEN:
        return None
    claim = SentOnce(token=token, account_id=who.account_id, at=now())
    try:
        with db.session.begin_nested():
            db.session.add(claim)
    except IntegrityError:  # on PostgreSQL only after the first one's transaction has ended
        sent = db.session.get(SentOnce, token)
        if sent and sent.account_id == who.account_id and sent.location:
            return redirect(sent.location, 303)
        return None
    g.sent_once = claim
    return None


def remember_where_it_led(response: Response) -> Response:
    """A post that did its work ends in a redirect: note where to. A form sent back may be sent again."""
    claim: SentOnce | None = g.get("sent_once")
    if claim is not None:
        if response.status_code == 303:
            claim.location = response.location or ""
        elif response.status_code < 400:
            db.session.delete(claim)
    return response


def forget_old() -> int:
    """Drop tokens that nobody can send any more. Returns how many."""
    old = delete(SentOnce).where(SentOnce.at < now() - REMEMBERED)
    forgotten = old.returning(SentOnce.token).execution_options(synchronize_session=False)
    return len(db.session.scalars(forgotten).all())
