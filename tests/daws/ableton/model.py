"""A strict fake of Live's object model: what does not exist raises, what is out of range raises. Names, ranges and
first values of the devices are those that Live 12.4 reports.
"""

from __future__ import annotations

from tests.daws.ableton.parameters import Parameter, Strict, fader, pan, toggle


class Device(Strict):
    __slots__ = ("can_have_chains", "class_name", "name", "parameters", "type")

    def __init__(self, name: str, class_name: str, *parameters: Parameter) -> None:
        super().__init__()
        self.name, self.class_name, self.type, self.can_have_chains = name, class_name, 2, False
        self.parameters = (toggle("Device On", True), *parameters)


class Clip(Strict):
    """file_path: of audio clips alone."""

    __slots__ = ("_file", "end_marker", "length", "name", "start_marker", "start_time", "warping")

    def __init__(self, name: str, file_path: str = "", start_time: float = 0.0) -> None:
        super().__init__()
        self.name, self._file, self.start_time = name, file_path, start_time
        self.length, self.start_marker, self.end_marker, self.warping = 4.0, 0.0, 4.0, False

    @property
    def is_audio_clip(self) -> bool:
        return bool(self._file)

    @property
    def file_path(self) -> str:
        if not self._file:
            raise RuntimeError("file_path is only available for audio clips")
        return self._file


class Slot(Strict):
    __slots__ = ("clip",)

    def __init__(self, clip: Clip | None = None) -> None:
        super().__init__()
        self.clip = clip

    @property
    def has_clip(self) -> bool:
        return self.clip is not None


class NewSlot(Slot):
    """From Live 12.0.5 on."""

    __slots__ = ()

    def create_audio_clip(self, path: str) -> Clip:
        if self.clip is not None:
            raise RuntimeError("The slot already has a clip")
        self.clip = Clip(path.rsplit("/", 1)[-1], path)
        return self.clip


class Mixer(Strict):
    __slots__ = ("panning", "volume")

    def __init__(self) -> None:
        super().__init__()
        self.volume = Parameter("Track Volume", 0.85, 0, 1, fader)
        self.panning = Parameter("Track Panning", 0.0, -1, 1, pan)


class Track(Strict):
    """kind: audio, midi, group, return or master."""

    __slots__ = (
        "_data",
        "arrangement_clips",
        "clip_slots",
        "devices",
        "kind",
        "mixer_device",
        "muted",
        "name",
    )

    def __init__(self, name: str, *devices: Device, kind: str = "audio") -> None:
        super().__init__()
        self.name, self.devices, self.kind = name, devices, kind
        self.mixer_device, self.muted = Mixer(), False
        self.arrangement_clips: tuple[Clip, ...] = ()
        self.clip_slots: tuple[Slot, ...] = (Slot(), Slot())
        self._data: dict[str, object] = {}

    @property
    def mute(self) -> bool:
        if self.kind == "master":
            raise RuntimeError("Master tracks have no mute")
        return self.muted

    @mute.setter
    def mute(self, on: bool) -> None:
        self.muted = bool(on)

    @property
    def is_foldable(self) -> bool:
        return self.kind == "group"

    @property
    def has_midi_input(self) -> bool:
        return self.kind == "midi"

    @property
    def has_audio_input(self) -> bool:
        return self.kind in ("audio", "return", "master")

    def get_data(self, key: str, default: object) -> object:
        return self._data.get(key, default)

    def set_data(self, key: str, value: object) -> None:
        self._data[key] = value


class NewTrack(Track):
    """As Live 12.3 and later have it."""

    __slots__ = ()

    def insert_device(self, name: str, index: int = -1) -> None:
        from tests.daws.ableton.devices import NEW

        if name not in NEW:
            raise RuntimeError(f"Device {name} not found")
        self.devices = (*self.devices, NEW[name]())

    def create_audio_clip(self, path: str, position: float) -> Clip:
        if self.kind != "audio":
            raise RuntimeError("Audio clips can only be created on audio tracks")
        clip = Clip(path.rsplit("/", 1)[-1], path, position)
        self.arrangement_clips = (*self.arrangement_clips, clip)
        return clip


class View(Strict):
    __slots__ = ("detail_clip", "selected_track")

    def __init__(self) -> None:
        super().__init__()
        self.detail_clip: Clip | None = None
        self.selected_track: Track | None = None


class Song(Strict):
    """undo: closed steps, each the number of writes... as begun and ended, in order."""

    __slots__ = ("current_song_time", "master_track", "return_tracks", "steps", "tempo", "tracks", "view")

    def __init__(self, *tracks: Track, returns: tuple[Track, ...] = ()) -> None:
        super().__init__()
        self.tracks, self.return_tracks = tracks, returns
        self.master_track = Track("Main", kind="master")
        self.view, self.tempo, self.current_song_time = View(), 120.0, 0.0
        self.steps: list[str] = []

    def begin_undo_step(self) -> None:
        self.steps.append("begin")

    def end_undo_step(self) -> None:
        if self.steps.count("begin") <= self.steps.count("end"):
            raise RuntimeError("no undo step is open")
        self.steps.append("end")

    def create_audio_track(self, index: int = -1) -> Track:
        track = type(self.tracks[0])("Audio") if self.tracks else Track("Audio")
        at = len(self.tracks) if index < 0 else index
        self.tracks = (*self.tracks[:at], track, *self.tracks[at:])
        return track
