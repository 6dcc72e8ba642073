"""The key of a model's server: as the settings say it, or from the system's key store where they say `keyring`."""

from __future__ import annotations

from pydantic import SecretStr

from bridge.errors import Unavailable

IN_THE_KEYRING = "keyring"
SERVICE, NAME = "dawbridge", "model_api_key"


def key_of(setting: SecretStr | None) -> str | None:
    """None where there is none. Raises Unavailable where the key store cannot be asked, or has none."""
    said = setting.get_secret_value().strip() if setting else ""
    if said != IN_THE_KEYRING:
        return said or None
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise Unavailable(
            "model_api_key is in the keyring, which needs `pip install dawbridge[keyring]`"
        ) from None
    try:
        found = keyring.get_password(SERVICE, NAME)
    except KeyringError as error:  # its message may name a service of the desktop, never a key
        raise Unavailable(f"the system's key store cannot be asked ({type(error).__name__})") from None
    if not found or not found.strip():
        raise Unavailable(f"the system's key store has no key; `keyring set {SERVICE} {NAME}` asks for it")
    return found.strip()
