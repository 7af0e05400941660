"""What the tests of this area do again and again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.access.scope import everywhere
from portal.accounts import second_factor
from portal.accounts.models import Account, Appointment, SignIn
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.web.assets import SEEN_COOKIE
from tests.page import Browser, Page
from tests.people import PASSWORD, Person, unit

A_GOOD_PASSWORD = "three-unrelated-words"


class Doing:
    """Signing in through the real form, and looking at rows without a scope."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def arrive(self, person: Person) -> Any:
        """The person opens a browser in which nobody has signed in."""
        client = self.browser.clients[str(person)] = self.browser.app.test_client()
        client.set_cookie(SEEN_COOKIE, self.browser.app.extensions["assets"].style_version)
        return client

    def sign_in(
        self, person: Person, password: str = PASSWORD, *, status: int = 303, path: str = "/login"
    ) -> Page:
        """Arrive, and send name and password."""
        self.arrive(person)
        return self.try_again(person, password, status=status, path=path)

    def try_again(self, person: Person, password: str, *, status: int, path: str = "/login") -> Page:
        """Send name and password in the browser as it is."""
        page = self.browser.visit(path, as_=person)
        answer: Page = page.send("Sign in", name=person.sign_in_name, password=password, status=status)
        return answer

    def is_signed_in(self, person: Person) -> bool:
        """Whether the person's own account opens."""
        return bool(self.browser.client(person).get("/me").status_code == 200)

    def account(self, person: Person) -> Account:
        """The person's account as it stands now."""
        with everywhere(because="the test looks"):
            found = select(Account).where(Account.sign_in_name == person.sign_in_name)
            account = db.session.scalars(found.execution_options(populate_existing=True)).one()
        db.session.close()
        return account

    def set(self, person: Person, **values: Any) -> None:
        """Columns of the person's account."""
        with everywhere(because="the test prepares"):
            change = update(Account).where(Account.sign_in_name == person.sign_in_name).values(**values)
            db.session.execute(change.execution_options(synchronize_session=False))
            db.session.commit()

    def appointments(self, person: Person) -> list[Appointment]:
        """All of the person's appointments, oldest first."""
        account_id = self.account(person).id
        with everywhere(because="the test looks"):
            mine = select(Appointment).where(Appointment.account_id == account_id).order_by(Appointment.id)
            found = list(db.session.scalars(mine))
        db.session.close()
        return found

    def appoint(self, person: Person, unit_name: str, role: Any, title: Any, **values: Any) -> int:
        """One more appointment, written straight into the database. Returns its id."""
        account_id, unit_id = self.account(person).id, unit(unit_name).id
        with everywhere(because="the test prepares"):
            appointment = Appointment(
                account_id=account_id, unit_id=unit_id, role=role, title=title, **{"since": today()} | values
            )
            db.session.add(appointment)
            db.session.commit()
            return appointment.id

    def end_all_appointments(self, person: Person) -> None:
        with everywhere(because="the test prepares"):
            account_id = (
                select(Account.id).where(Account.sign_in_name == person.sign_in_name).scalar_subquery()
            )
            over = update(Appointment).where(Appointment.account_id == account_id)
            over = over.values(until=today() - timedelta(days=1))
            db.session.execute(over.execution_options(synchronize_session=False))
            db.session.commit()

    def entries(self, action: str) -> list[AuditEntry]:
        """The audit entries of one action, oldest first."""
        with everywhere(because="the test looks"):
            found = list(
                db.session.scalars(
                    select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
                )
            )
        db.session.close()
        return found

    def live_sign_ins(self, person: Person) -> int:
        """In how many places the person is signed in."""
        account_id = self.account(person).id
        live = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        count = len(db.session.scalars(live).all())
        db.session.close()
        return count

    def enrol(self, person: Person) -> str:
        """Give the person a second factor. Returns its secret."""
        secret = second_factor.new_secret()
        with everywhere(because="the test prepares"):
            account = db.session.scalars(
                select(Account).where(Account.sign_in_name == person.sign_in_name)
            ).one()
            second_factor.enrol(account, secret, step=0)
            db.session.commit()
        db.session.close()
        return secret

    def code(self, secret: str) -> str:
        """What the app on the phone shows now."""
        import pyotp

        return pyotp.TOTP(secret).at(now())
