"""The group of all commands, and the rules they share: exit codes, one JSON object, one line an error.

Exit codes: 0 done and every check holds; 1 failed, or delivered with a check that missed; 2 bad usage or bad
input; 3 nothing done because the words need an answer; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from bridge import __version__
from bridge.cli.terminal import complain, emit
from bridge.errors import BridgeError

INTERRUPTED = 130
_NO_ARGUMENTS = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""A group alone; its message is the help, which click before 8.2 printed by itself."""

COMMANDS: dict[str, str] = {
    "analyze": "Measure sound files: loudness, peaks, bands, findings.",
    "plan": "Turn words into a plan for a file, without rendering.",
    "process": "Plan, render, verify and write a file.",
    "chat": "Talk about a sound: versions, undo, A/B; kept for the next time.",
    "album": "Bring the songs of an album to one loudness together.",
    "diff": "What changed between two plans.",
    "export": "Write a plan for another program: .dawproject, or a chain for REAPER.",
    "serve": "Run the daemon: hot folder and OSC.",
    "send": "Give a job to the running daemon over OSC.",
    "jobs": "List, show, cancel and retry jobs.",
    "live": "Meters and suggestions for live sound; its last seconds as a stem.",
    "daw": "Tracks and parameters of a running DAW: list, apply a plan, put it back.",
    "install-script": "Put our scripts into REAPER, Live or Ardour, or take them away.",
    "midi": "Parameters to any DAW by MIDI: ports, send, learn; the tempo of its clock.",
    "plugins": "Scan, list and show hosted plugins.",
    "effects": "The built-in effects and their parameters.",
    "metrics": "What is measured, in which unit, by which standard.",
    "targets": "What platforms and genres expect, with the source of each number.",
    "config": "The effective settings and where each comes from.",
    "doctor": "What is wrong with this machine, and how to mend it.",
    "demo": "Run the daemon on a recording and show what happens.",
}
"""Name and sentence of every command; the command itself is in the module `module_of` its name."""


def module_of(name: str) -> str:
    """ "install-script" -> "bridge.cli.install_script"."""
    return f"bridge.cli.{name.replace('-', '_')}"


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` costs nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(module_of(name)).command
        command.short_help = COMMANDS[name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]}?" if close else " `dawbridge --help` lists them."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed or a check missed, 2 bad usage or input, 3 the words need an answer, "
    "130 interrupted. Every command takes --json: one JSON object on standard output.",
)
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings file instead of config.toml in the user's config folder.",
)
@click.version_option(__version__, prog_name="dawbridge")
@click.pass_context
def group(ctx: click.Context, config_file: Path | None) -> None:
    """A DAW companion: stems in, a wish in words, a verified and explained result back."""
    ctx.obj = config_file


def run(argv: Sequence[str]) -> int:
    """Runs one command line and gives its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold what the terminal's encoding cannot show; that is no reason to fail.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    as_json = "--json" in argv
    try:
        code = group.main(args=list(argv), prog_name="dawbridge", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return _usage(error, as_json)
    except (click.Abort, KeyboardInterrupt):
        return _failed("Cancelled", "interrupted.", INTERRUPTED, as_json)
    except BridgeError as error:
        return _failed(type(error).__name__, error.message, error.exit_code, as_json, error)
    except BrokenPipeError:
        # The reader (head, less) has gone; what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception:
        if as_json:
            emit(
                {
                    "error": {
                        "kind": "Defect",
                        "message": "a defect in dawbridge; standard error has the traceback",
                    }
                }
            )
        raise
    return code if isinstance(code, int) else 0


def _usage(error: click.ClickException, as_json: bool) -> int:
    context = getattr(error, "ctx", None)
    if isinstance(error, _NO_ARGUMENTS):
        if not as_json:
            click.echo(error.format_message(), err=True)
            return 2
        error = click.UsageError("A command is missing.", context)
    hint = f" (`{context.command_path} --help` shows the usage)" if context else ""
    return _failed("Usage", error.format_message() + hint, 2, as_json)


def _failed(kind: str, message: str, code: int, as_json: bool, error: BridgeError | None = None) -> int:
    complain(message)
    if as_json:
        verdict = getattr(error, "verdict", None)
        told = {"kind": kind, "message": message, "exit_code": code}
        emit({"error": told | ({"verdict": verdict} if verdict else {})})
    return code
