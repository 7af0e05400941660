"""The signed code: what goes in comes out, nothing altered is accepted, and any COSE library can verify it."""

import random
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cwt import COSE, COSEKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.passes import base45, cbor
from portal.passes.code import MAX_WINDOWS, PREFIX, CodeRefused, Fault, PassClaims, cut, read, sign
from portal.passes.keys import LIFE, KeyRing, SigningKey
from portal.passes.kinds import Kind
from portal.passes.rule_data import EVERY_DAY, Window
from portal.passes.serials import serial

NOW = datetime(2026, 11, 23, 0, 31, tzinfo=UTC)
ZHANG = PassClaims(
    serial=serial(3, 123),
    kind=Kind.HOUSEHOLD,
    holder="演示·张学敏",
    document_tail="001X",
    place="3号院2号楼1单元401",
    issued_at=NOW,
    valid_from=NOW,
    valid_until=NOW + timedelta(days=6),
    status_index=123,
    order_id=7,
    windows=(Window(EVERY_DAY, 8 * 60, 11 * 60),),
    gates=(1, 2),
    max_minutes=120,
    series="A",
)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing.open(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def key(ring: KeyRing) -> SigningKey:
    return ring.signing_key(NOW)


def why(text: str, ring: KeyRing, at: datetime = NOW) -> Fault:
    with pytest.raises(CodeRefused) as refused:
        read(text, ring, at)
    return refused.value.reason


def test_what_was_signed_is_read(ring: KeyRing, key: SigningKey) -> None:
    assert read(sign(ZHANG, key), ring, NOW) == ZHANG


def test_an_ordinary_pass_needs_no_large_code(key: SigningKey) -> None:
    assert drawn(sign(ZHANG, key)).version <= 12


bounded_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
windows = st.builds(
    lambda weekdays, start, length: Window(weekdays, start, min(start + length, 1440)),
    st.integers(1, EVERY_DAY),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
moments = st.integers(0, 10**8).map(lambda seconds: NOW + timedelta(seconds=seconds))
any_claims = st.builds(
    PassClaims,
    serial=st.builds(serial, st.integers(1, 999_999), st.integers(1, 999_999)),
    kind=st.sampled_from(Kind),
    holder=bounded_texts,
    document_tail=st.text(string.digits + "X", max_size=4),
    place=bounded_texts,
    issued_at=st.just(NOW),
    valid_from=moments,
    valid_until=moments,
    status_index=st.integers(0, 2**32 - 1),
    order_id=st.integers(1, 65535),
    windows=st.lists(windows, max_size=MAX_WINDOWS).map(tuple),
    gates=st.lists(st.integers(1, 65535), max_size=8).map(tuple),
    max_minutes=st.none() | st.integers(1, 65535),
    series=st.text(string.ascii_uppercase, max_size=3),
)


@given(claims=any_claims)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_pass_says_is_read_back_and_fits_version_13(
    ring: KeyRing, key: SigningKey, claims: PassClaims
) -> None:
    text = sign(claims, key)
    told = read(text, ring, NOW)
    assert replace(told, holder=claims.holder, place=claims.place) == claims
    assert told.holder == cut(claims.holder, 36)
    assert claims.place.startswith(told.place.removesuffix("…"))
    assert drawn(text).version <= 13


@pytest.mark.parametrize("window_count", range(MAX_WINDOWS + 1))
def test_the_longest_code_fits_version_13(ring: KeyRing, key: SigningKey, window_count: int) -> None:
    longest = replace(
        ZHANG,
        serial=serial(999_999, 999_999),
        holder="𠅤" * 60,
        place="张" * 60,
        status_index=2**32 - 1,
        order_id=65535,
        windows=(Window(EVERY_DAY, 1000, 1440),) * window_count,
        gates=(65535,) * 8,
        max_minutes=65535,
        series="ABC",
    )
    text = sign(longest, key)
    told = read(text, ring, NOW)
    assert drawn(text).version <= 13
    assert told.windows == longest.windows
    assert len(told.holder.encode()) <= 36
    assert told.holder.endswith("…")


def drawn(text: str) -> segno.QRCode:
    return segno.make(text, error="q", boost_error=False, micro=False, mode="alphanumeric", mask=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"gates": (1,) * 9},
        {"gates": (65536,)},
        {"windows": (Window(EVERY_DAY, 0, 60),) * 8},
        {"status_index": 2**32},
        {"order_id": 0},
        {"order_id": 65536},
        {"document_tail": "0018X"},
        {"series": "ABCD"},
        {"serial": "003-000123-A"},
        {"issued_at": NOW - timedelta(days=1)},
        {"issued_at": NOW + LIFE + timedelta(days=1)},
        {"valid_until": datetime(2026, 12, 1)},
    ],
)
def test_what_does_not_fit_is_not_signed(key: SigningKey, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        sign(replace(ZHANG, **wrong), key)


def test_what_input_methods_and_scanners_do_to_it_is_undone(ring: KeyRing, key: SigningKey) -> None:
    text = sign(ZHANG, key)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" for c in text)
    for typed in (text.lower(), f"  {text}\r\n", wide, f"\t{wide.lower()}\u3000"):
        assert read(typed, ring, NOW) == ZHANG


def test_two_thousand_altered_codes_are_refused(ring: KeyRing, key: SigningKey) -> None:
    draw = random.Random(1)
    text = sign(ZHANG, key)
    for _ in range(2000):
        place = draw.randrange(len(text))
        other = draw.choice(base45.ALPHABET.replace(text[place], ""))
        assert why(text[:place] + other + text[place + 1 :], ring) in Fault


def test_a_code_cut_short_or_with_something_behind_it_is_refused(ring: KeyRing, key: SigningKey) -> None:
    text = sign(ZHANG, key)
    for end in range(len(text)):
        assert why(text[:end], ring) in (Fault.NOT_OURS, Fault.DAMAGED)
    assert why(text + "000", ring) is Fault.DAMAGED
    assert why(text + "0" * 600, ring) is Fault.NOT_OURS


@given(text=st.text(max_size=700), body=st.text(base45.ALPHABET, max_size=400), data=st.binary(max_size=200))
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_refused_without_a_crash(ring: KeyRing, text: str, body: str, data: bytes) -> None:
    for attempt in (text, PREFIX + body, PREFIX + base45.encode(data)):
        assert why(attempt, ring) in Fault


def test_codes_of_others_are_not_ours(ring: KeyRing, key: SigningKey) -> None:
    for foreign in ("", "HC1:6BF", "https://example.org/v/1", sign(ZHANG, key).replace("GG1:", "GG2:")):
        assert why(foreign, ring) is Fault.NOT_OURS


def test_a_code_of_another_ring_is_of_an_unknown_key(key: SigningKey, tmp_path: Path) -> None:
    assert why(sign(ZHANG, key), KeyRing.open(tmp_path / "other")) is Fault.UNKNOWN_KEY


def test_a_code_signed_with_another_key_under_our_id_is_forged(
    ring: KeyRing, key: SigningKey, tmp_path: Path
) -> None:
    thief = KeyRing.open(tmp_path / "thief").signing_key(NOW)
    under_our_id = SigningKey(replace(thief.public, key_id=key.key_id), thief.private)
    assert why(sign(ZHANG, under_our_id), ring) is Fault.FORGED


def test_a_key_does_not_sign_for_a_time_outside_its_window(ring: KeyRing, key: SigningKey) -> None:
    stretched = SigningKey(
        replace(key.public, not_before=NOW - 2 * LIFE, not_after=NOW + 2 * LIFE), key.private
    )
    early = replace(ZHANG, issued_at=NOW - timedelta(hours=1))
    late = replace(ZHANG, issued_at=NOW + LIFE + timedelta(hours=1))
    assert why(sign(early, stretched), ring) is Fault.OUTSIDE_KEY_WINDOW
    assert why(sign(late, stretched), ring, NOW + 2 * LIFE) is Fault.OUTSIDE_KEY_WINDOW


def test_nothing_was_issued_in_the_future(ring: KeyRing, key: SigningKey) -> None:
    text = sign(replace(ZHANG, issued_at=NOW + timedelta(hours=1)), key)
    assert why(text, ring, NOW) is Fault.OUTSIDE_KEY_WINDOW
    assert read(text, ring, NOW + timedelta(hours=1)).serial == ZHANG.serial


def test_a_cose_library_verifies_our_code(key: SigningKey) -> None:
    data = base45.decode(sign(ZHANG, key).removeprefix(PREFIX))
    claims = cbor2.loads(COSE.new().decode(cbor2.dumps(cbor2.CBORTag(18, cbor2.loads(data))), cose_key(key)))
    assert claims[4] == int(ZHANG.valid_until.timestamp())
    assert claims[5] == claims[6] == int(NOW.timestamp())
    assert claims[-65537][1] == ZHANG.holder


def test_we_read_a_code_that_a_cose_library_signed(ring: KeyRing, key: SigningKey) -> None:
    payload = cbor2.loads(base45.decode(sign(ZHANG, key).removeprefix(PREFIX)))[2]
    assert read(signed_by_library(payload, key, {1: -7, 4: key.key_id}), ring, NOW) == ZHANG


@pytest.mark.parametrize("header", [{1: -7}, {1: -7, 4: b""}, {1: -7, 4: b"12345"}, {1: -7, 4: b"1", 3: 0}])
def test_a_header_in_another_form_is_refused(
    ring: KeyRing, key: SigningKey, header: dict[int, object]
) -> None:
    payload = cbor2.loads(base45.decode(sign(ZHANG, key).removeprefix(PREFIX)))[2]
    assert why(signed_by_library(payload, key, header), ring) is Fault.DAMAGED


@pytest.mark.parametrize("algorithm", [-35, -8, 5, 0, "ES256", None])
def test_the_message_does_not_choose_the_algorithm(ring: KeyRing, key: SigningKey, algorithm: object) -> None:
    protected, unprotected, payload, signature = cbor2.loads(
        base45.decode(sign(ZHANG, key).removeprefix(PREFIX))
    )
    protected = cbor2.dumps({1: algorithm, 4: key.key_id}, canonical=True)
    text = PREFIX + base45.encode(cbor2.dumps([protected, unprotected, payload, signature]))
    assert why(text, ring) is Fault.DAMAGED


def signed_by_library(payload: bytes, key: SigningKey, header: dict[int, object]) -> str:
    tagged = COSE.new().encode_and_sign(payload, cose_key(key), protected=header)
    return PREFIX + base45.encode(cbor2.dumps(cbor2.loads(tagged).value, canonical=True))


def cose_key(key: SigningKey) -> COSEKey:
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return COSEKey.from_pem(pem, kid=key.key_id)


@given(st.binary(max_size=300))
def test_base45_gives_back_what_it_was_given(data: bytes) -> None:
    text = base45.encode(data)
    assert base45.decode(text) == data
    assert text == text.rstrip()


def test_base45_of_the_standard() -> None:
    assert base45.encode(b"Hello!!") == "%69 VD92EX0"
    assert base45.decode("QED8WEX0") == b"ietf!"


@pytest.mark.parametrize("text", ["GGW", ":::", "A", "ABCD", "a00", "::", "0,0"])
def test_base45_refuses_what_it_would_not_write(text: str) -> None:
    with pytest.raises(ValueError):
        base45.decode(text)


OTHER_SPELLINGS = [
    "1800",  # 0 in two bytes
    "190017",  # 23 in three bytes
    "1a000000ff",
    "1b00000000ffffffff",
    "0000",  # something behind the end
    "",
    "62c328",  # not UTF-8
    "43ffff",  # the end is missing
    "9f00ff",  # a length that is not given
    "a201000102",  # a key twice
    "a1616101",  # a key of text
    "8181818100",  # too deep
    "9841" + "00" * 65,  # too many entries
    "c000",  # a tag
    "f6",
    "f93c00",
]


@pytest.mark.parametrize("data", OTHER_SPELLINGS)
def test_only_one_spelling_of_a_value_is_read(data: str) -> None:
    with pytest.raises(ValueError):
        cbor.read(bytes.fromhex(data))


tree = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=30) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(-500, 500), inner, max_size=5),
    max_leaves=3,
)


@given(tree)
def test_cbor_of_a_library_is_read_as_the_library_means_it(value: object) -> None:
    assert cbor.read(cbor2.dumps(value, canonical=True)) == value or depth(value) > 4


def depth(value: object) -> int:
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
    return 1 + max(map(depth, inner), default=0)


def test_a_name_is_cut_between_characters() -> None:
    assert cut("阿卜杜热合曼·买买提", 36) == "阿卜杜热合曼·买买提"
    assert cut("阿" * 13, 36) == "阿" * 11 + "…"
    assert len(cut("𠅤" * 10, 36).encode()) <= 36


def test_the_public_half_is_a_plain_p256_key(key: SigningKey) -> None:
    spki = key.public.point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert len(spki) == 91
