"""--plot puts pictures where it says, and never over anybody's sound."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import soundfile

from bridge.cli.plot import Pictures, pictures
from bridge.errors import BadInput, OutputFailed
from tests.cli.conftest import Run
from tests.reports.svg import Picture
from tests.signals import pink, sine


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


SVG_NAME = "{http://www.w3.org/2000/svg}svg"


@pytest.fixture
def take(vocal: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(vocal, tmp_path / "take.wav"))


def planned(out: Path | str, *files: Path, others: tuple[str, ...] = ()) -> Pictures:
    found = pictures(str(out), "auto", [str(file) for file in files], others)
    assert found is not None
    return found


def test_analyze_draws_one_picture_a_file(run: Run, take: Path, tmp_path: Path) -> None:
    twin = Path(shutil.copy(take, tmp_path / "other.wav"))
    ran = run(
        "analyze", str(take), "missing.wav", str(twin), "--without", "tempo,key", "--reference", str(twin),
        "--target", "spotify", "--plot", str(tmp_path / "mix.svg"), "--theme", "dark", "--json",
    )  # fmt: skip
    assert ran.code == 2  # for the missing one alone
    shown = [entry.get("picture") for entry in ran.json["files"]]
    assert shown == [str(tmp_path / "mix-take.svg"), None, str(tmp_path / "mix-other.svg")]
    picture = Picture((tmp_path / "mix-take.svg").read_bytes())
    assert picture.root.tag == SVG_NAME
    assert "take.wav" in picture.text and "Spotify" in picture.text and "other.wav ±3 dB" in picture.text
    assert "#14171c" in picture.source and "prefers-color-scheme" not in picture.source
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "mix-other.svg", "mix-take.svg", "other.wav", "take.wav",
    ]  # fmt: skip


def test_analyze_tells_people_where_the_picture_is(run: Run, take: Path, tmp_path: Path) -> None:
    ran = run("analyze", str(take), "--without", "tempo,key", "--plot", "mix.PNG", cwd=tmp_path)
    assert ran.code == 0 and f"picture: {tmp_path / 'mix.PNG'}" in ran.out
    assert (tmp_path / "mix.PNG").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_process_draws_before_and_after_and_what_a_compressor_did_to_the_gain(
    run: Run, take: Path, tmp_path: Path
) -> None:
    words = "compress 4:1 at -30 dB, -23 LUFS"
    ran = run("process", str(take), words, "--plot", str(tmp_path / "both.svg"), "--json")
    assert ran.code == 0 and ran.json["picture"] == str(tmp_path / "both.svg")
    picture = Picture((tmp_path / "both.svg").read_bytes())
    before = ran.json["before"]["integrated_loudness"]["value"]
    assert "take-bridge.wav" in picture.text and "−23.0" in picture.text
    assert f"was −{abs(before):.1f}" in picture.text
    first = next(step["id"] for step in ran.json["plan"]["steps"] if step["effect"] == "compressor")
    told = ran.json["reductions"][first]
    assert "1. Compressor" in picture.text and told["sentence"] in picture.text and told["most_db"] > 3
    assert len({y for _, y in picture.line("gain-1-compressor-0")}) > 20


@pytest.fixture
def song(tmp_path: Path) -> Path:
    folder = tmp_path / "song"
    folder.mkdir()
    for name, audio in (("bass", sine(80, -12, 2.0)), ("keys", pink(-24, 2.0)), ("pad", pink(-40, 2.0))):
        soundfile.write(folder / f"{name}.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    return folder


def test_stems_give_a_picture_of_the_mix_and_one_of_each_that_was_touched(
    run: Run, song: Path, tmp_path: Path
) -> None:
    ran = run(
        "process", str(song), "bass 3 dB quieter, compress the keys 4:1 at -40 dB", "--plot",
        str(tmp_path / "all.svg"), "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.json["picture"] == str(tmp_path / "all.svg")
    assert ran.json["pictures"] == {name: str(tmp_path / f"all-{name}.svg") for name in ("bass", "keys")}
    keys = Picture((tmp_path / "all-keys.svg").read_bytes())
    assert "Compressor" in keys.text and "Compressor" not in (tmp_path / "all-bass.svg").read_text("utf-8")
    mix = Picture((tmp_path / "all.svg").read_bytes())
    bass = Picture((tmp_path / "all-bass.svg").read_bytes())
    for picture, name in ((mix, "mix"), (bass, "bass")):
        before = ran.json["stems"][name]["before"]["integrated_loudness"]["value"]
        assert f"was −{abs(before):.1f}" in picture.text


def test_a_picture_of_a_stem_is_never_put_over_a_sound(run: Run, song: Path, tmp_path: Path) -> None:
    (tmp_path / "all-bass.svg").write_text("my notes")
    ran = run("process", str(song), "bass 3 dB quieter", "--plot", str(tmp_path / "all.svg"), "--json")
    assert ran.code == 2 and (tmp_path / "all-bass.svg").read_text() == "my notes"
    assert not (tmp_path / "song-bridge").exists() or not list((tmp_path / "song-bridge").iterdir())


def test_process_says_why_there_is_no_picture(run: Run, take: Path, tmp_path: Path) -> None:
    ran = run("process", str(take), "make it nicer than Bach", "--plot", str(tmp_path / "both.svg"), "--json")
    assert ran.json["output"] is None and not (tmp_path / "both.svg").exists()
    assert any("No picture" in warning for warning in ran.json["warnings"])


def test_a_bad_place_is_refused_before_anything_is_measured(run: Run, take: Path, tmp_path: Path) -> None:
    ran = run("analyze", str(take), "--plot", str(tmp_path / "mix.jpg"), "--json")
    assert ran.code == 2 and ".png or .svg" in ran.json["error"]["message"] and "measuring" not in ran.err


@pytest.mark.parametrize("name", ["mix.jpg", "mix.wav", "mix", "mix.png.pdf", ".svg"])
def test_only_png_and_svg_are_drawn(name: str, take: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.png or \.svg"):
        planned(tmp_path / name, take)


def test_a_missing_folder_is_named(take: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no folder .*pictures"):
        planned(tmp_path / "pictures" / "mix.png", take)


def test_a_sound_in_the_pictures_place_stays_whatever_its_name(take: Path, tmp_path: Path) -> None:
    sound = Path(shutil.copy(take, tmp_path / "sound.png"))
    text = tmp_path / "text.svg"
    text.write_text("lyrics", encoding="utf-8")
    empty = tmp_path / "empty.svg"
    empty.touch()
    (tmp_path / "folder.svg").mkdir()
    for place in (sound, text, empty, tmp_path / "folder.svg"):
        with pytest.raises(BadInput, match="is no picture"):
            planned(place, take)


def test_what_is_read_is_never_overwritten_not_even_through_a_link(take: Path, tmp_path: Path) -> None:
    picture = tmp_path / "cover.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    os.link(picture, tmp_path / "hard.png")
    (tmp_path / "soft.png").symlink_to(picture)
    (tmp_path / "take.png").symlink_to(take)
    for place in ("cover.png", "hard.png", "soft.png"):
        with pytest.raises(BadInput, match="never overwritten"):
            planned(tmp_path / place, take, others=(str(picture),))
    with pytest.raises(BadInput, match="never overwritten"):
        planned(tmp_path / "take.png", take)


def test_one_occupied_place_of_several_stops_all(take: Path, tmp_path: Path) -> None:
    (tmp_path / "mix-other.png").write_text("notes", encoding="utf-8")
    with pytest.raises(BadInput, match="mix-other"):
        planned(tmp_path / "mix.png", take, tmp_path / "other.wav")


def test_files_of_one_name_get_pictures_of_their_own(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a/Kick.wav", "b/Kick.wav", "Kick-2.wav", "c/kick.wav")]
    found = planned(tmp_path / "mix.png", *files)
    assert [path.name for path in found.paths] == [
        "mix-Kick.png", "mix-Kick-2.png", "mix-Kick-2-2.png", "mix-kick-3.png",
    ]  # fmt: skip


def test_an_older_picture_is_replaced_whole(take: Path, tmp_path: Path) -> None:
    from bridge.analysis import Analysis

    out = tmp_path / "mix.svg"
    readings = Analysis.from_readings({"integrated_loudness": -14.0})
    planned(out, take).draw(0, readings, "first")
    planned(out, take).draw(0, readings, "second")
    assert "second" in out.read_text(encoding="utf-8") and "first" not in out.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mix.svg", "take.wav"]


def test_what_came_to_the_place_meanwhile_is_kept(take: Path, tmp_path: Path) -> None:
    from bridge.analysis import Analysis

    found = planned(tmp_path / "mix.png", take)
    shutil.copy(take, tmp_path / "mix.png")
    with pytest.raises(BadInput, match="is no picture"):
        found.draw(0, Analysis.from_readings({}), "late")
    assert (tmp_path / "mix.png").read_bytes() == take.read_bytes()


def test_a_folder_that_went_away_is_an_error_with_a_sentence(take: Path, tmp_path: Path) -> None:
    from bridge.analysis import Analysis

    folder = tmp_path / "pictures"
    folder.mkdir()
    found = planned(folder / "mix.svg", take)
    folder.rmdir()
    with pytest.raises(OutputFailed, match="could not be written"):
        found.draw(0, Analysis.from_readings({}), "late")
