"""When something happened that a phone tells of: by the portal's clock, whatever the phone's own showed. Pure."""

from datetime import UTC, datetime, timedelta

LONGEST_WITHOUT_NETWORK = timedelta(days=60)
ONE_MS = timedelta(milliseconds=1)


def at_ms(ms: int) -> datetime:
    """A moment in milliseconds, as a clock shows it."""
    return datetime(1970, 1, 1, tzinfo=UTC) + ms * ONE_MS


def ms_of(moment: datetime) -> int:
    """The other way round."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // ONE_MS


def happened(
    at: int,
    offset: int | None,
    received: datetime,
    phone_now: int,
    before: datetime | None = None,
    after: datetime | None = None,
) -> datetime:
    """The portal's estimate for an event at ``at`` (ms by the phone).

    ``offset`` is by how much the portal's clock was ahead at the last contact before it, in ms; where there was none,
    the clock is compared now: the phone's ``phone_now`` against ``received``. The estimate never lies after
    ``received``, nor before the event that the phone counted before (``before``), nor behind a later one (``after``).
    """
    ahead = ms_of(received) - phone_now if offset is None else offset
    latest = min(received, after or received)
    earliest = before or received - LONGEST_WITHOUT_NETWORK
    estimate = min(max(at + ahead, 0), ms_of(received))
    return min(max(at_ms(estimate), earliest), latest)
