"""Accounts, their appointments, and where they are signed in."""

from datetime import date, datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.acting import Level
from portal.access.policy import Role
from portal.access.scope import AppliesBelow, Scoped
from portal.database import Base, UtcDateTime, choice
from portal.vault import Sealed


class Title(StrEnum):
    """What a member of a team is called on the notice board (product.md, "The people")."""

    BRANCH_SECRETARY = "branch_secretary"
    FIRST_SECRETARY = "first_secretary"
    LIAISON_LEADER = "liaison_leader"
    COMMITTEE_MEMBER = "committee_member"
    GROUP_LEADER = "group_leader"
    PARTY_MEMBER = "party_member"
    POSTED_CADRE = "posted_cadre"
    VOLUNTEER = "volunteer"
    RESIDENT = "resident"
    OFFICE_DIRECTOR = "office_director"
    OFFICE_STAFF = "office_staff"
    GATE_STAFF = "gate_staff"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return str(TITLE_LABELS[self])


TITLE_LABELS = {
    Title.BRANCH_SECRETARY: _l("Community Party branch secretary"),
    Title.FIRST_SECRETARY: _l("Posted first secretary"),
    Title.LIAISON_LEADER: _l("Leader in charge of the community"),
    Title.COMMITTEE_MEMBER: _l("Member of the two committees"),
    Title.GROUP_LEADER: _l("Residents' group leader"),
    Title.PARTY_MEMBER: _l("Party member"),
    Title.POSTED_CADRE: _l("Posted cadre"),
    Title.VOLUNTEER: _l("Volunteer"),
    Title.RESIDENT: _l("Resident"),
    Title.OFFICE_DIRECTOR: _l("Office director"),
    Title.OFFICE_STAFF: _l("Office staff"),
    Title.GATE_STAFF: _l("Gate staff"),
    Title.SUPERVISOR: _l("Supervisor"),
    Title.ADMINISTRATOR: _l("Administrator"),
}

TITLES = {
    Role.OFFICE: (Title.OFFICE_DIRECTOR, Title.OFFICE_STAFF),
    Role.COMMANDER: (Title.LIAISON_LEADER, Title.BRANCH_SECRETARY, Title.FIRST_SECRETARY),
    Role.SHOCK_TEAM: (Title.COMMITTEE_MEMBER, Title.GROUP_LEADER, Title.PARTY_MEMBER),
    Role.GRID_MEMBER: (Title.POSTED_CADRE, Title.VOLUNTEER, Title.RESIDENT),
    Role.GATEKEEPER: (Title.GATE_STAFF, Title.PARTY_MEMBER, Title.VOLUNTEER, Title.RESIDENT),
    Role.AUDITOR: (Title.SUPERVISOR,),
    Role.ADMIN: (Title.ADMINISTRATOR,),
}

LEVELS = {
    Role.OFFICE: (Level.STREET, Level.COUNTY),
    Role.COMMANDER: (Level.COMMUNITY,),
    Role.SHOCK_TEAM: (Level.GROUP,),
    Role.GRID_MEMBER: (Level.GRID,),
    Role.GATEKEEPER: (Level.COMMUNITY, Level.GROUP, Level.GRID),
    Role.AUDITOR: (Level.STREET, Level.COUNTY),
    Role.ADMIN: (),
}


class Account(AppliesBelow, Base):
    """A person who may sign in. ``unit_id`` is the unit of the first appointment; None for the installation."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # type: ignore[assignment]
    sign_in_name: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    password_is_one_time: Mapped[bool] = mapped_column(default=False)
    password_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(10), default="")
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seal_id: Mapped[str] = mapped_column(String(32), default="")
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None]
    totp = Sealed()

    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="account", order_by="Appointment.id"
    )


class Appointment(Scoped, Base):
    """任职: account × unit × role × title, from a date, optionally until a date (both inclusive)."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("unit_id IS NOT NULL OR role = 'admin'", name="only_admins_have_no_unit"),
        CheckConstraint(
            "(role = 'gatekeeper') = (checkpoint_id IS NOT NULL)", name="gatekeepers_have_a_gate"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # type: ignore[assignment]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    title: Mapped[Title] = mapped_column(choice(Title))
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))
    since: Mapped[date]
    until: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="appointments")

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


class SignIn(Base):
    """One place where an account is signed in. The cookie holds a random token, the row only its digest."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(80), default="")


class RecoveryCode(Base):
    """A code on paper that stands in once for the second factor. Only its keyed hash is stored."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Keeping(StrEnum):
    """What is kept for a short while."""

    HALF_SIGN_IN = "half sign-in"
    FORM = "form"
    ONE_TIME_PASSWORD = "one-time password"  # noqa: S105 (a word, no password)
    NEW_SECOND_FACTOR = "new second factor"
    RECOVERY_CODES = "recovery codes"
    SEARCH = "search"


class Kept(Base):
    """Something kept sealed for one account and a short while. Its random name may be known, its text is not."""

    __tablename__ = "kept"

    seal_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[Keeping] = mapped_column(choice(Keeping))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    text = Sealed()


class FailedSignIn(Base):
    """Failures in a row for one name, address or both (keyed hashes), and when the next try is answered."""

    __tablename__ = "failed_sign_in"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    failures: Mapped[int]
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
