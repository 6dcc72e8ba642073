"""Several files side by side: the same answers, in order, with an error where one cannot be used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import soundfile

from bridge.cli.measuring import _workers, measured_files, sound_files
from tests.signals import music_like, white

WITHOUT = ("tempo", "key")


@pytest.fixture
def stems(tmp_path):
    files = []
    for number in range(4):
        audio = white(-20 - number, 1)
        soundfile.write(tmp_path / f"{number}.wav", audio.samples.T, audio.rate, subtype="PCM_24")
        files.append(str(tmp_path / f"{number}.wav"))
    (tmp_path / "broken.wav").write_bytes(b"RIFF but no sound")
    return [*files[:2], str(tmp_path / "broken.wav"), *files[2:], str(tmp_path / "missing.wav")]


def test_a_file_that_is_named_beside_its_folder_is_measured_once(stems, tmp_path):
    assert sound_files([stems[1], str(tmp_path)]) == (stems[1], stems[0], *stems[3:5], stems[2])


def test_two_processes_answer_what_one_does_in_the_same_order(stems):
    alone = list(measured_files(stems, WITHOUT, quiet=True, workers=0))
    shared = list(measured_files(stems, WITHOUT, quiet=True, workers=2))
    assert [one.path for one in shared] == stems
    assert [one.analysis for one in shared] == [one.analysis for one in alone]
    assert [one.error is None for one in shared] == [True, True, False, True, True, False]
    for one, other in zip(shared, alone, strict=True):
        assert (type(one.error), str(one.error)) == (type(other.error), str(other.error))


def test_few_or_short_files_stay_in_one_process(stems, tmp_path):
    assert _workers(stems) == 0
    long = tmp_path / "long.wav"
    with long.open("wb") as file:
        file.truncate(500_000_000)
    assert _workers([str(long)]) == 0
    assert _workers([str(long), stems[0]]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a group of processes here")
def test_ctrl_c_ends_all_processes_at_once_and_without_a_traceback(tmp_path):
    audio = music_like(30)
    for number in range(4):
        soundfile.write(tmp_path / f"{number}.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    program = (
        "import sys, bridge.cli.measuring as m; m._WORTH_A_PROCESS = 0; m._workers = lambda files: 2\n"
        "if __name__ == '__main__':\n"
        "    from bridge.cli import main; sys.argv = ['dawbridge', 'analyze', *sys.argv[1:]]; main()\n"
    )
    (tmp_path / "run.py").write_text(program)
    files = [str(tmp_path / f"{number}.wav") for number in range(4)] * 8
    command = [sys.executable, str(tmp_path / "run.py"), *files]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    # Ends when the last process that holds the pipe has ended, workers too.
    rest, told = process.communicate(timeout=120)
    assert rest.count(".wav") < len(files) // 2, "it went on"
    assert process.returncode != 0
    assert "Traceback" not in told
