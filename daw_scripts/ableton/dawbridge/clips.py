"""The selected clip's file out, a result's file in."""

from pathlib import Path

from .door import Refusal

SOUNDS = (".wav", ".aif", ".aiff", ".flac", ".ogg", ".mp3")


def selected(song):
    """The clip that is shown in the detail view: its file and where it lies; `track` is the track itself.

    start_beats: in the arrangement; None for a clip of the session view.
    """
    clip = song.view.detail_clip
    if clip is None:
        raise Refusal("no clip is selected; click one first")
    if not clip.is_audio_clip:
        raise Refusal("the clip %r is MIDI; freeze and flatten its track, or export it" % clip.name)
    for track in song.tracks:
        for slot in track.clip_slots:
            if slot.has_clip and slot.clip == clip:
                return _told(clip, track, None)
        for other in getattr(track, "arrangement_clips", ()):
            if other == clip:
                return _told(clip, track, clip.start_time)
    raise Refusal("the track of the clip %r cannot be told" % clip.name)


def _told(clip, track, start_beats):
    return {
        "name": clip.name,
        "path": clip.file_path,
        "track": track,
        "start_beats": start_beats,
        "warped": bool(clip.warping),
    }


def brought(song, track, request):
    """A sound file as an audio clip on that track, or on a new one called request["name"]: in the arrangement at
    request["at_beats"], or in the first free slot where that is None or Live can do no more. Says which."""
    path = _file(request)
    if track is None or track.has_midi_input or track.is_foldable:
        track = _new_track(song, track, str(request.get("name") or "dawbridge"))
    at_beats = request.get("at_beats")
    if at_beats is not None and hasattr(track, "create_audio_clip"):
        return _named(track.create_audio_clip(path, float(at_beats)), request, track, "arrangement")
    for slot in track.clip_slots:
        if not slot.has_clip and hasattr(slot, "create_audio_clip"):
            return _named(slot.create_audio_clip(path), request, track, "session")
    if not any(hasattr(slot, "create_audio_clip") for slot in track.clip_slots):
        raise Refusal("this version of Live imports no sound for a script; drag %s onto the track" % path)
    raise Refusal("the track %r has no free slot" % track.name)


def _file(request):
    path = str(request.get("path"))
    if not Path(path).is_absolute() or not Path(path).is_file():
        raise Refusal("there is no file %s" % path)
    if not path.lower().endswith(SOUNDS):
        raise Refusal("%s is no sound file that Live reads" % path)
    return path


def _new_track(song, beside, name):
    """Behind the track that it belongs to, else behind all."""
    tracks = list(song.tracks)
    at = tracks.index(beside) + 1 if beside in tracks else len(tracks)
    song.create_audio_track(at)
    track = list(song.tracks)[at]
    track.name = name
    return track


def _named(clip, request, track, where):
    if clip is not None and request.get("name"):
        clip.name = str(request["name"])
    return {"where": where, "track": track.name}
