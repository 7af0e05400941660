"""Facts, decisions and claims as plain JSON, and facts back again."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

from portal.passes.code import PassClaims
from portal.passes.facts import CodeProblem, Decision, GateFacts, PassFacts, Restriction, Standing
from portal.passes.keys import COORDINATE_BYTES, PublicKey
from portal.passes.kinds import Kind, PassState
from portal.passes.quota import Trip
from portal.passes.rule_data import PassRule
from portal.passes.verdicts import Direction
from portal.registry.restrictions import RestrictionKind

Plain = dict[str, Any]


def facts_to_json(facts: GateFacts) -> Plain:
    return {
        "at": _seconds(facts.at),
        "gate": facts.gate,
        "held": _held_to_json(facts.held) if facts.held else None,
        "code": facts.code,
        "key_in_window": facts.key_in_window,
        "direction": facts.direction,
        "persons": facts.persons,
        "temperature": facts.temperature,
        "claimed_at": _seconds(facts.claimed_at),
    }


def facts_from_json(plain: Plain) -> GateFacts:
    return GateFacts(
        at=_moment(plain["at"]),
        gate=plain["gate"],
        held=_held_from_json(plain["held"]) if plain["held"] else None,
        code=CodeProblem(plain["code"]) if plain["code"] else None,
        key_in_window=plain["key_in_window"],
        direction=Direction(plain["direction"]) if plain["direction"] else None,
        persons=plain["persons"],
        temperature=plain["temperature"],
        claimed_at=_moment(plain["claimed_at"]),
    )


def decision_to_json(decision: Decision) -> Plain:
    return {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "direction": decision.direction,
        "alternatives": list(decision.alternatives),
        "since": _seconds(decision.since),
        "next_at": _seconds(decision.next_at),
        "back_by": _seconds(decision.back_by),
        "minutes_late": decision.minutes_late,
        "cancels_next": decision.cancels_next,
        "persons": decision.persons,
        "temperature": decision.temperature,
        "clock_off": decision.clock_off,
    }


def claims_to_json(claims: PassClaims) -> Plain:
    return {
        "serial": claims.serial,
        "kind": claims.kind,
        "holder": claims.holder,
        "document_tail": claims.document_tail,
        "place": claims.place,
        "issued_at": _seconds(claims.issued_at),
        "valid_from": _seconds(claims.valid_from),
        "valid_until": _seconds(claims.valid_until),
        "status_index": claims.status_index,
        "windows": [{"weekdays": w.weekdays, "start": w.start, "end": w.end} for w in claims.windows],
        "gates": list(claims.gates),
        "max_minutes": claims.max_minutes,
        "series": claims.series,
        "order": claims.order_id,
    }


def key_to_json(key: PublicKey) -> Plain:
    numbers = key.point.public_numbers()
    return {
        "id": key.key_id.hex(),
        "x": _coordinate(numbers.x),
        "y": _coordinate(numbers.y),
        "not_before": _seconds(key.not_before),
        "not_after": _seconds(key.not_after),
    }


def _held_to_json(held: PassFacts) -> Plain:
    standing = held.standing
    return {
        "kind": held.kind,
        "gates": sorted(held.gates),
        "trips": [_trip_to_json(trip) for trip in held.trips],
        "open_trip": _trip_to_json(held.open_trip) if held.open_trip else None,
        "standing": {
            "state": standing.state,
            "valid_from": _seconds(standing.valid_from),
            "valid_until": _seconds(standing.valid_until),
            "order_from": _seconds(standing.order_from),
            "order_until": _seconds(standing.order_until),
            "replaced": standing.replaced,
            "ended_at": _seconds(standing.ended_at),
            "series_ended_at": _seconds(standing.series_ended_at),
            "restrictions": [
                {"kind": one.kind, "since": _seconds(one.since), "until": _seconds(one.until)}
                for one in standing.restrictions
            ],
        },
        "rule": held.rule.to_json(),
    }


def _held_from_json(plain: Plain) -> PassFacts:
    standing = plain["standing"]
    moments = ("valid_from", "valid_until", "order_from", "order_until", "ended_at", "series_ended_at")
    return PassFacts(
        kind=Kind(plain["kind"]),
        gates=frozenset(plain["gates"]),
        trips=tuple(_trip_from_json(trip) for trip in plain["trips"]),
        open_trip=_trip_from_json(plain["open_trip"]) if plain["open_trip"] else None,
        standing=Standing(
            state=PassState(standing["state"]),
            replaced=standing["replaced"],
            restrictions=tuple(
                Restriction(RestrictionKind(one["kind"]), _moment(one["since"]), _moment(one["until"]))
                for one in standing["restrictions"]
            ),
            **{name: _moment(standing[name]) for name in moments},
        ),
        rule=PassRule.from_json(plain["rule"]),
    )


def _trip_to_json(trip: Trip) -> list[int | None]:
    return [_seconds(trip.out_at), _seconds(trip.in_at), _seconds(trip.back_by)]


def _trip_from_json(plain: list[int | None]) -> Trip:
    return Trip(*(_moment(seconds) for seconds in plain))


def _coordinate(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(COORDINATE_BYTES)).rstrip(b"=").decode()


def _seconds(moment: datetime | None) -> Any:
    return None if moment is None else int(moment.timestamp())


def _moment(seconds: int | None) -> Any:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
