"""Every setting there is. To add one, add a field; config, doctor, manual and environment names follow from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from platformdirs import user_state_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bridge.addresses import is_loopback, network
from bridge.config.setting import setting

GAIN_STAGING = "gain staging to -18 dBFS RMS with true peak at most -6 dBTP"
"""What happens to a file that comes without words."""


def _real(path: Path) -> Path:
    """Without links; a loop of links, which Path.resolve does not bear, stays as it is."""
    return Path(os.path.realpath(path))


def _home(name: str) -> Path:
    return Path.home() / "dawbridge" / name


def _half_of_the_cores() -> int:
    return max(1, (os.cpu_count() or 2) // 2)


class Settings(BaseModel):
    """Effective settings. Paths are absolute; secrets print as ********."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    inbox: Annotated[
        Path,
        setting("Hot folder: audio files dropped here are processed.", default_text="~/dawbridge/inbox"),
    ] = Field(default_factory=lambda: _home("inbox"))
    outbox: Annotated[
        Path, setting("Results appear here, one folder a job.", default_text="~/dawbridge/outbox")
    ] = Field(default_factory=lambda: _home("outbox"))
    state: Annotated[
        Path,
        setting(
            "Ledger, lock and logs; must be on a local disk.",
            default_text="dawbridge in the user's state folder (Linux: ~/.local/state/dawbridge)",
        ),
    ] = Field(default_factory=lambda: user_state_path("dawbridge", appauthor=False))
    roots: Annotated[
        tuple[Path, ...],
        setting("Further folders from which requests over OSC and sidecars may name files."),
    ] = ()
    plugin_folders: Annotated[
        tuple[Path, ...],
        setting("Further folders in which plugins are looked for, besides the system's own."),
    ] = ()
    background_scan: Annotated[
        bool,
        setting("While nothing else is to be done, the daemon finds out about new and changed plugins."),
    ] = True
    plugin_hang_s: Annotated[
        float,
        setting(
            "How long a plugin may play without giving a frame; after that it hangs, and its process is ended.",
            unit="s",
            low=1,
            high=600,
        ),
    ] = 20.0
    tail: Annotated[
        Literal["keep", "trim", "fade"],
        setting(
            "What becomes of reverb and echoes after the end of the file: keep makes the result longer, trim ends it "
            "where the file ends, fade fades it out there."
        ),
    ] = "keep"
    tail_fade_ms: Annotated[float, setting("How long that fade is.", unit="ms", low=1, high=10_000)] = 500.0
    missing_plugin: Annotated[
        Literal["refuse", "substitute", "bypass"],
        setting(
            "What a job does without a plugin that is missing, in quarantine or failing: refuse, substitute the "
            "built-in effect that comes nearest, or bypass the step."
        ),
    ] = "refuse"
    refine: Annotated[
        bool,
        setting(
            "Renders once more, stronger, where a wish without a number fell short of being heard; the better is kept."
        ),
    ] = True
    explain: Annotated[
        Literal["simple", "detailed", "pro"],
        setting(
            "For whom plans are explained: simple for a musician, detailed with each reason, pro with every parameter."
        ),
    ] = "detailed"
    osc_host: Annotated[
        str, setting("Address on which OSC is answered; one other than loopback needs osc_token.")
    ] = "127.0.0.1"
    osc_port: Annotated[
        int, setting("UDP port on which OSC is answered; 0 takes any free one.", low=0, high=65535)
    ] = 9190
    osc_token: Annotated[
        SecretStr | None, setting("Secret that an OSC client must show in its hello.", default_text="none")
    ] = None
    osc_allowed: Annotated[
        tuple[str, ...],
        setting(
            "Addresses or networks (192.168.1.7, 192.168.1.0/24) that alone may speak besides this machine.",
            default_text="any that shows the token",
        ),
    ] = ()
    ardour_osc: Annotated[str, setting("Where a running Ardour listens for OSC, as HOST:PORT.")] = (
        "127.0.0.1:3819"
    )
    ableton_osc: Annotated[
        str, setting("Where AbletonOSC, in a running Ableton Live, listens, as HOST:PORT.")
    ] = "127.0.0.1:11000"
    ableton_reply_port: Annotated[
        int, setting("UDP port that AbletonOSC answers to; it is fixed there.", low=1, high=65535)
    ] = 11001
    ableton_script: Annotated[
        str, setting("Where dawbridge's own script in a running Ableton Live listens, as HOST:PORT.")
    ] = "127.0.0.1:9195"
    live_input: Annotated[
        str | None,
        setting(
            "What is listened to live: a sound device by name or number, or reastream[:IDENTIFIER][@HOST[:PORT]]; "
            "the daemon listens while it is set.",
            default_text="none",
        ),
    ] = None
    live_remember_s: Annotated[
        float,
        setting("How much of the live input the daemon keeps for a capture.", unit="s", low=10, high=600),
    ] = 60.0
    tempo_bpm: Annotated[
        float | None,
        setting(
            "Tempo of your session: what notes said without a tempo are of (an eighth-note delay).",
            unit="BPM",
            low=20,
            high=400,
            default_text="as measured",
        ),
    ] = None
    midi_port: Annotated[
        str | None,
        setting(
            "MIDI port for `dawbridge midi`, by a part of its name; Windows needs one (loopMIDI).",
            default_text="a virtual port called dawbridge",
        ),
    ] = None
    midi_map: Annotated[
        str, setting("MIDI map that says which controller a parameter turns, by name or path.")
    ] = "any"
    live_mode: Annotated[
        Literal["suggest", "ask", "armed"],
        setting(
            "What becomes of live suggestions: suggest tells them, ask keeps a plan of each for `apply`, armed sets "
            "small moves (up to 3 dB each, 6 dB in all) on live_track of live_daw; one revert puts all of them back."
        ),
    ] = "suggest"
    live_daw: Annotated[
        str | None, setting("The DAW that armed live suggestions are set in.", default_text="none")
    ] = None
    live_track: Annotated[
        str | None, setting("Its track, by name or id, that they are set on.", default_text="none")
    ] = None
    settle_s: Annotated[
        float, setting("How long a dropped file must stay unchanged.", unit="s", low=0.05, high=600)
    ] = 1.5
    stems_settle_s: Annotated[
        float,
        setting(
            "How long a dropped folder NAME.stems must stay unchanged: longer than the pause between two exports.",
            unit="s",
            low=0.05,
            high=3600,
        ),
    ] = 10.0
    polling: Annotated[
        Literal["auto", "on", "off"],
        setting("Look at the hot folder by polling: on for network shares; auto decides by the file system."),
    ] = "auto"
    workers: Annotated[
        int, setting("Render processes at work at once.", low=1, high=64, default_text="half of the cores")
    ] = Field(default_factory=_half_of_the_cores)
    worker_memory_mb: Annotated[
        int, setting("Memory that one render process may take.", unit="MB", low=256, high=1_048_576)
    ] = 2048
    default_request: Annotated[str, setting("The words for a file that comes without any.")] = GAIN_STAGING
    model_base_url: Annotated[
        str | None,
        setting(
            "OpenAI-compatible server that reads the words (http://127.0.0.1:11434/v1); with a key alone OpenAI, "
            "with neither the offline planner.",
            default_text="none",
        ),
    ] = None
    model_name: Annotated[str | None, setting("Name of the model on that server.", default_text="none")] = (
        None
    )
    model_api_key: Annotated[
        SecretStr | None,
        setting("Key for that server; `keyring` takes it from the system's key store.", default_text="none"),
    ] = None
    model_budget_s: Annotated[
        float,
        setting("Time the model has before the offline planner takes over.", unit="s", low=0.5, high=600),
    ] = 20.0
    model_price_in: Annotated[
        float | None,
        setting(
            "What a million tokens of prompt cost, for the cost in results.",
            unit="USD",
            low=0,
            high=10_000,
            default_text="unknown",
        ),
    ] = None
    model_price_out: Annotated[
        float | None,
        setting(
            "What a million tokens of answer cost.", unit="USD", low=0, high=10_000, default_text="unknown"
        ),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], setting("What the daemon writes to its log.")
    ] = "info"
    log_format: Annotated[
        Literal["text", "json"], setting("Log lines for people, or one JSON object a line.")
    ] = "text"

    @field_validator("inbox", "outbox", "state")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("roots", "plugin_folders")
    @classmethod
    def _all_absolute(cls, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser().absolute() for path in paths)

    @field_validator("osc_allowed")
    @classmethod
    def _networks(cls, allowed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(network(entry)) for entry in allowed)

    @field_validator("default_request")
    @classmethod
    def _some_words(cls, words: str) -> str:
        if not words.strip():
            raise ValueError("must say something; leave it out for gain staging")
        return words

    @field_validator("model_base_url")
    @classmethod
    def _http(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return url

    @model_validator(mode="after")
    def _outside_needs_a_token(self) -> Self:
        if not is_loopback(self.osc_host) and self.osc_token is None:
            raise ValueError(
                f"osc_host: {self.osc_host} can be reached by other machines; "
                "set osc_token too, or use 127.0.0.1"
            )
        return self

    @model_validator(mode="after")
    def _folders_apart(self) -> Self:
        """Results that land in the hot folder, be it through a link, would be processed again, and again."""
        inbox = _real(self.inbox)
        for name in ("outbox", "state"):
            folder = getattr(self, name)
            if inbox in (_real(folder), *_real(folder).parents):
                raise ValueError(
                    f"{name}: {folder} lies in the inbox {self.inbox}; choose a folder outside of it"
                )
        return self
