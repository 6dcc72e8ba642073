"""Where the key comes from, and that it goes nowhere but into the Authorization header."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from pydantic import SecretStr

from bridge.errors import Unavailable
from tests.llm.asking import WARM, hear
from tests.llm.wire import fails, says, serving

STORED = "sk-stored-0815"


class Store(KeyringBackend):
    """A key store in memory, behind the keyring library's own interface."""

    priority = 1

    def __init__(self, *known: tuple[str, str]) -> None:
        self.known = dict.fromkeys(known, STORED)

    def get_password(self, service: str, username: str) -> str | None:
        return self.known.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("the bridge stores no keys")


@pytest.fixture
def stored():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_the_key_comes_from_the_system_s_store(stored, context):
    stored(Store(("dawbridge", "model_api_key")))
    with serving(says(WARM)) as wire:
        hear(wire, "a bit warmer", context, model_api_key=SecretStr("keyring"))
    assert wire.seen[0].headers["authorization"] == f"Bearer {STORED}"


@pytest.mark.parametrize(
    ("store", "said"),
    [(Store(), "keyring set dawbridge model_api_key"), (fail.Keyring(), "cannot be asked")],
)
def test_a_store_without_the_key_says_what_to_do_and_asks_nobody(store, said, stored, context):
    stored(store)
    with serving(says(WARM)) as wire, pytest.raises(Unavailable, match=said):
        hear(wire, "a bit warmer", context, model_api_key=SecretStr("keyring"))
    assert wire.seen == []


def test_a_server_that_repeats_the_stored_key_does_not_get_it_into_messages(stored, context):
    stored(Store(("dawbridge", "model_api_key")))
    with serving(fails(500, f"bad key {STORED}")) as wire, pytest.raises(Unavailable) as raised:
        hear(wire, "a bit warmer", context, model_api_key=SecretStr("keyring"))
    assert STORED not in raised.value.message
