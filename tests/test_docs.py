"""The documents tell the truth: commands exist, links lead somewhere, examples run, recordings are what they say."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from bridge.cli.app import COMMANDS, module_of

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
SPOKEN = re.compile(r"(?:^|`|bin/)dawbridge ((?:[a-z-]+)(?: [^`\n#|│▶─]*)?)", re.MULTILINE)
NOT_COMMANDS = {"--help", "--version"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def spoken(name: str) -> Iterator[list[str]]:
    """Command lines in code blocks and code spans of a page."""
    text = re.sub(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", "", text_of(name), flags=re.DOTALL)
    for found in SPOKEN.findall(text):
        yield shlex.split(found.partition(" > ")[0])


def option_names(command: click.Command) -> set[str]:
    return {flag for item in command.params if isinstance(item, click.Option) for flag in item.opts} | {
        "--help"
    }


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_options_in_the_documents_exist(name: str) -> None:
    for words in spoken(name):
        if words[0] in NOT_COMMANDS:
            continue
        assert words[0] in COMMANDS, f"{name}: dawbridge {' '.join(words)}"
        command: click.Command = import_module(module_of(words[0])).command
        if isinstance(command, click.Group) and len(words) > 1 and words[1] in command.commands:
            command = command.commands[words[1]]
        used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= option_names(command), f"{name}: dawbridge {' '.join(words)}"


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(name)):
        if "://" not in target:
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


def test_make_targets_in_the_documents_exist() -> None:
    makefile = text_of("Makefile")
    for name in NAMES:
        for target in re.findall(r"(?:^|`)make ([a-z]+)", text_of(name), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{name}: make {target}"


def test_the_first_screen_of_the_readme_has_both_commands_and_the_flow() -> None:
    first = "\n".join(text_of("README.md").splitlines()[:32])
    assert "make demo" in first and "make test" in first and "result.json" in first


def test_the_example_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import soundfile

    import bridge
    from tests.signals import music_like

    example = re.search(r"```python\n(.*?)```", text_of("README.md"), re.DOTALL)
    assert example is not None
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIDGE_STATE", str(tmp_path / "state"))
    audio = music_like(5.0)
    soundfile.write("vocal.wav", audio.samples.T, audio.rate)
    exec(compile(example[1], "README.md", "exec"), {})
    made = bridge.analyze(bridge.read("vocal-warm.wav"), without=("tempo", "key"))
    assert made.number("integrated_loudness") == pytest.approx(-16.0, abs=0.1)


@pytest.mark.parametrize(
    "row", re.findall(r"`([\w.]+\.flac)` .*`([0-9a-f]{64})`", text_of("docs/recordings/README.md"))
)
def test_recordings_are_what_their_page_says(row: tuple[str, str]) -> None:
    data = (ROOT / "docs/recordings" / row[0]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == row[1]


def test_recordings_stay_small_and_every_one_has_its_licence() -> None:
    folder = ROOT / "docs/recordings"
    sounds = [path for path in folder.iterdir() if path.suffix != ".md"]
    assert sum(path.stat().st_size for path in sounds) <= 1_000_000
    page = text_of("docs/recordings/README.md")
    assert all(re.search(rf"`{path.name}`.*CC0", page) for path in sounds) and len(sounds) >= 2


def test_every_decision_is_listed_and_short() -> None:
    folder = ROOT / "docs/decisions"
    index = text_of("docs/decisions/README.md")
    for page in folder.glob("0*.md"):
        content = page.read_text(encoding="utf-8")
        assert f"({page.name})" in index
        assert all(
            part in content for part in ("**The pull.**", "**The choice.**", "**What would change it.**")
        ), page.name
        assert len(content.split()) < 400, page.name
