"""Read settings from where people put them, and remember where each came from.

config.toml in the user's config folder < `.env` < environment `BRIDGE_*` < command line.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from platformdirs import user_config_path
from pydantic import SecretStr, ValidationError

from bridge.config.setting import meaning_of
from bridge.config.settings import Settings
from bridge.errors import BadSetting

PREFIX = "BRIDGE_"
MASK = "********"
NO_SETTINGS = frozenset({"BRIDGE_CONFIG"})
"""Variables of ours that name no field: where config.toml is."""
SEPARATORS = {"roots": os.pathsep, "plugin_folders": os.pathsep, "osc_allowed": ","}
"""How lists are written in a variable: folders like PATH; addresses, which may hold colons, with commas."""
PATHS = frozenset({"inbox", "outbox", "state", "roots", "plugin_folders"})
SECRETS = frozenset({"osc_token", "model_api_key"})


@dataclass(frozen=True)
class Loaded:
    """settings; sources: where each came from ("default", "command line", a variable, a file); warnings: typos."""

    settings: Settings
    sources: Mapping[str, str]
    file: Path
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Settings by name with value, unit, source and sentence; secrets masked."""
        return {
            name: {
                "value": shown(getattr(self.settings, name)),
                "unit": meaning_of(info).unit,
                "source": self.sources[name],
                "sentence": meaning_of(info).sentence,
            }
            for name, info in Settings.model_fields.items()
        }


def shown(value: Any) -> Any:
    """A setting's value as it may be printed: no secrets, no passwords inside addresses."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str) and "://" in value:
        parts = urlsplit(value)
        if parts.password is not None:
            host = parts.netloc.rpartition("@")[2]
            return urlunsplit(parts._replace(netloc=f"{parts.username}:{MASK}@{host}"))
    return value


def default_file(env: Mapping[str, str] = os.environ) -> Path:
    """config.toml: `BRIDGE_CONFIG` if set, else in the user's config folder."""
    named = env.get("BRIDGE_CONFIG")
    return (
        Path(named).expanduser() if named else user_config_path("dawbridge", appauthor=False) / "config.toml"
    )


def load(
    overrides: Mapping[str, Any] | None = None,
    env: Mapping[str, str] = os.environ,
    file: Path | None = None,
    dotenv: Path | None = Path(".env"),
) -> Loaded:
    """The effective settings. overrides: from the command line, None means not given.

    Raises BadSetting for a name that does not exist (with the nearest one) or a value out of its span.
    """
    path = file or default_file(env)
    if (file or env.get("BRIDGE_CONFIG")) and not path.exists():
        raise BadSetting(f"There is no settings file {path}; create it or leave the option out.")
    values: dict[str, Any] = {}
    sources = dict.fromkeys(Settings.model_fields, "default")
    warnings: list[str] = []
    for name, value, source in _given(path, env, dotenv, overrides or {}, warnings):
        values[name], sources[name] = value, source
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise BadSetting(_sentence(error, sources)) from None
    return Loaded(settings, sources, path, tuple(warnings))


def _given(
    path: Path,
    env: Mapping[str, str],
    dotenv: Path | None,
    overrides: Mapping[str, Any],
    warnings: list[str],
) -> Iterator[tuple[str, Any, str]]:
    """Every value that was given anywhere, weakest source first."""
    yield from _from_file(path)
    if dotenv is not None and dotenv.is_file():
        yield from _from_variables(_read_dotenv(dotenv), f" in {dotenv.absolute()}", warnings)
    yield from _from_variables(env, "", warnings)
    for name, value in overrides.items():
        if value is not None:
            yield _known(name, "the command line"), value, "command line"


def _from_file(path: Path) -> Iterator[tuple[str, Any, str]]:
    for name, value in _flat(_read_toml(path)):
        _known(name, str(path))
        yield name, _relative_to(path.absolute().parent, name, value), str(path)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is no TOML: {error}") from None
    except (ValueError, RecursionError):  # a number of 10,000 digits; arrays in arrays without end
        raise BadSetting(f"{path} is no TOML that anybody can read.") from None
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}; mend its permissions.") from None


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`[osc] port = 1` and `osc_port = 1` mean the same."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}_")
        else:
            yield prefix + key, value


def _relative_to(folder: Path, name: str, value: Any) -> Any:
    """Relative paths in config.toml start at its own folder, wherever the command is run."""
    if name not in PATHS:
        return value
    if isinstance(value, list):
        return [_relative_to(folder, name, item) for item in value]
    return folder / Path(value).expanduser() if isinstance(value, str) else value


def _read_dotenv(path: Path) -> dict[str, str]:
    """`NAME=value` lines; `export `, comments and one pair of quotes are understood, nothing is expanded."""
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[name.strip()] = value[1:-1] if quoted else value
    return found


def _from_variables(
    variables: Mapping[str, str], where: str, warnings: list[str]
) -> Iterator[tuple[str, Any, str]]:
    for variable, text in variables.items():
        if not variable.startswith(PREFIX) or variable in NO_SETTINGS or not text:
            continue  # an empty variable is how a shell says "not set"
        name = variable.removeprefix(PREFIX).lower()
        if name in Settings.model_fields:
            yield name, _split(text, SEPARATORS[name]) if name in SEPARATORS else text, variable + where
        else:
            # Other programs may use the prefix too, so a stranger is told, not refused.
            warnings.append(f"{variable}{where} names no setting{_nearest(name, PREFIX)}")


def _split(text: str, separator: str) -> list[str]:
    return [item for item in map(str.strip, text.split(separator)) if item]


def _known(name: str, where: str) -> str:
    if name not in Settings.model_fields:
        raise BadSetting(f"{name} in {where} is no setting{_nearest(name)}; `dawbridge config` lists them.")
    return name


def _nearest(name: str, prefix: str = "") -> str:
    close = difflib.get_close_matches(name, Settings.model_fields, n=1)
    found = (close[0].upper() if prefix else close[0]) if close else ""
    return f"; did you mean {prefix}{found}?" if found else ""


def _sentence(error: ValidationError, sources: Mapping[str, str]) -> str:
    """The first thing wrong, in one line: setting, value, source, what is allowed."""
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return said + "."
    name = str(first["loc"][0])
    meaning = meaning_of(Settings.model_fields[name])
    span = f" ({meaning.span}{' ' + meaning.unit if meaning.unit else ''})" if meaning.span else ""
    value = MASK if name in SECRETS else repr(first["input"])
    return f"{name} = {value} from {sources[name]}: {said[0].lower()}{said[1:]}{span}."
