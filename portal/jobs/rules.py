"""How long things last, and how long the rest of the work will take."""

from datetime import datetime, timedelta

KEPT = timedelta(hours=24)  # a result, and what is needed to resume
LONGEST_WAIT = timedelta(minutes=1)  # before a job begins; then somebody should look after the worker
MOST_TRIES = 5  # in a row without a single step done: the work itself kills its worker
FIRST_GUESS = timedelta(seconds=2)  # before that the pace is not known


def time_left(
    done: int, total: int | None, since: datetime | None, done_before: int, at: datetime
) -> timedelta | None:
    """What the rest takes at the pace so far; None while the pace isn't known."""
    if total is None or since is None or done <= done_before or at - since < FIRST_GUESS:
        return None
    return (at - since) / (done - done_before) * (total - done)
