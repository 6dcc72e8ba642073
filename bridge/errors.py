"""What can go wrong, in one tree. Edges translate foreign errors into these at the door.

BridgeError
├── BadInput                  what was given cannot be used (exit code 2)
│   ├── FileRefused           a sound file, with a verdict of one word: truncated, not_audio, empty, ...
│   ├── PathRefused           a path outside the allowed roots, a link, a special file
│   ├── BadRequest            words, a sidecar or an OSC request that cannot be read
│   ├── BadPlan               a plan with unknown effects, spans or another schema version
│   └── BadSetting            a setting that does not exist or is out of its span
├── Failed                    it was tried and did not work (exit code 1)
│   ├── RenderFailed          a step gave no usable sound; names the step
│   ├── PluginFailed          a hosted plugin crashed, hung, lied or is missing; names the plugin
│   ├── WorkerDied            a worker process ended without an answer
│   └── OutputFailed          a result could not be written: disk full, read-only folder
├── Unavailable               something outside is not there: port in use, no daemon, no model, missing extra
└── Cancelled                 the user took the job back
"""

from __future__ import annotations


class BridgeError(Exception):
    """Base of all errors of the bridge.

    message: what happened, to which file, track or parameter, and what to do next.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(BridgeError):
    exit_code = 2


class FileRefused(BadInput):
    """verdict: one word that programs may rely on (`truncated`, `not_audio`, `empty`, `still_recording`, ...)."""

    def __init__(self, message: str, verdict: str) -> None:
        super().__init__(message)
        self.verdict = verdict

    def __reduce__(self) -> tuple[type[FileRefused], tuple[str, str]]:
        return type(self), (self.message, self.verdict)


class PathRefused(BadInput):
    """verdict: one word like that of FileRefused (`outside`, `link`, `special_file`, `missing`)."""

    def __init__(self, message: str, verdict: str = "outside") -> None:
        super().__init__(message)
        self.verdict = verdict

    def __reduce__(self) -> tuple[type[PathRefused], tuple[str, str]]:
        return type(self), (self.message, self.verdict)


class BadRequest(BadInput):
    pass


class BadPlan(BadInput):
    pass


class BadSetting(BadInput):
    pass


class Failed(BridgeError):
    pass


class RenderFailed(Failed):
    pass


class PluginFailed(Failed):
    """plugin: its name. fault: one word that programs may rely on (`missing`, `unusable`, `crashed`, `hung`,
    `not_finite`, `silent`, `wrong_length`, `state`, `quarantined`, ...). step: id of the plan's step, once known.
    """

    step = ""

    def __init__(self, message: str, plugin: str = "", fault: str = "failed") -> None:
        super().__init__(message)
        self.plugin = plugin
        self.fault = fault

    def __reduce__(self) -> tuple[type[PluginFailed], tuple[str, str, str]]:
        return type(self), (self.message, self.plugin, self.fault)


class WorkerDied(Failed):
    pass


class OutputFailed(Failed):
    pass


class Unavailable(BridgeError):
    pass


class Cancelled(BridgeError):
    exit_code = 130
