"""Which passwords are taken, and how they are compared."""

import re

import pytest
from argon2 import PasswordHasher
from flask import Flask

from portal.accounts import passwords

pytestmark = pytest.mark.any_database

NAMES = ("zhangxuemin", "张学敏")


@pytest.mark.parametrize(
    "password",
    [
        "woaini1314",
        "5201314520",
        "qwertyuiop",
        "QwertyUiop!!",
        "password123",
        "1234567890",
        "9876543210",
        "aaaaaaaaaaaa",
        "abababababab",
        "abc123abc123",
        "1qaz2wsx3edc",
        "19900101abc",
        "a1990-01-01",
        "zx19851231!",
        "13800138000",
        "41172219900307001X",
        "wanggeyuan123",
        "shangcai123456",
        "woaini1314!",
    ],
)
def test_passwords_that_many_people_use_are_refused(app: Flask, password: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert "Many people use this password" in passwords.objection(password, NAMES)


@pytest.mark.parametrize(
    "password",
    ["gridgate-demo", "GridGate2026x", "zhangxuemin88", "我叫张学敏12345", "网格通网格通网格通abcd"],
)
def test_passwords_made_of_names_are_refused(app: Flask, password: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert "Leave out your own name" in passwords.objection(password, NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "three-unrelated-words",
        "hongshao tudou 42",
        "清晨的白杨树上有两只喜鹊",
        "correct horse battery staple",
        "zhangxuemin likes mountain rice",
        "x7!kPq2vLm",
        "lijiang-wangfujing-7",
    ],
)
def test_good_passwords_are_taken_whatever_their_characters(app: Flask, password: str) -> None:
    with app.test_request_context():
        assert passwords.objection(password, NAMES) == ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short one", "Use 10 characters or more"), ("x1 " * 43, "Use 128 characters or fewer")],
)
def test_length_is_the_only_rule_about_form(app: Flask, password: str, sentence: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert passwords.objection(password, NAMES) == sentence


def test_the_list_is_bundled_sorted_and_of_passwords_that_could_be_typed() -> None:
    listed = passwords.COMMON.read_text(encoding="utf-8").split()
    assert len(listed) > 5_000
    assert listed == sorted(set(listed))
    assert all(passwords.SHORTEST <= len(password) <= passwords.LONGEST for password in listed)


def test_a_one_time_password_is_easy_to_type_and_hard_to_guess(app: Flask) -> None:
    made = {passwords.new_one_time_password() for _i in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){2}[a-hjkmnp-z2-9]{4}", password) for password in made)
    assert passwords.as_typed_from_a_slip(" AB2C d3ef－gh4j ") == "ab2cd3efgh4j"


def test_a_password_is_stored_as_argon2id_at_the_cost_that_is_set(app: Flask) -> None:
    app.config.pop("PASSWORD_COST")
    try:
        stored = passwords.hash_password("three-unrelated-words")
        assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert passwords.is_right("three-unrelated-words", stored)
        assert not passwords.is_right("three-unrelated-word", stored)
        assert passwords.is_outdated(PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash("x"))
        assert not passwords.is_outdated(stored)
    finally:
        app.config["PASSWORD_COST"] = (8, 1)


def test_no_account_and_a_broken_hash_are_wrong_passwords(app: Flask) -> None:
    assert not passwords.is_right("three-unrelated-words", None)
    assert not passwords.is_right("three-unrelated-words", "not a hash")
