"""What the bridge may ask: a closed list of verbs. Each takes the request and answers what JSON can say."""

from .clips import brought, selected
from .door import Refusal
from .identities import Identities

VERSION = "1"
MIXER = "mixer"
IDLE_TICKS = 50
"""Ticks without a request after which an undo step that was left open is closed."""


class Verbs(object):
    """song: Live.Song.Song."""

    def __init__(self, song):
        self._song = song
        self._identities = Identities()
        self._idle = None
        self._verbs = {
            "hello": self._hello,
            "tracks": self._tracks,
            "devices": self._devices,
            "parameters": self._parameters,
            "show": self._show,
            "set": self._set,
            "insert": self._insert,
            "end": self._end,
            "clip": self._clip,
            "bring": self._bring,
        }

    def answer(self, verb, request):
        if verb not in self._verbs:
            raise Refusal("%r is none of %s" % (verb, ", ".join(sorted(self._verbs))))
        return self._verbs[verb](request)

    def tick(self, served):
        """Closes an undo step whose client has gone away."""
        if self._idle is not None:
            self._idle = 0 if served else self._idle + 1
            if self._idle > IDLE_TICKS:
                self.close()

    def close(self):
        if self._idle is not None:
            self._idle = None
            self._song.end_undo_step()

    def _begin(self):
        if self._idle is None:
            self._song.begin_undo_step()
        self._idle = 0

    def _hello(self, request):
        some = next(iter(self._song.tracks), None)
        can = [name for name in ("insert_device", "create_audio_clip") if hasattr(some, name)]
        return {"script": VERSION, "can": can}

    def _all(self):
        """Tracks in the order of the mixer, with what they are."""
        found = [(track, _kind(track)) for track in self._song.tracks]
        found += [(track, "bus") for track in self._song.return_tracks]
        return [*found, (self._song.master_track, "master")]

    def _tracks(self, request):
        found = self._all()
        ids = self._identities.of([track for track, _ in found])
        return [[id, track.name, kind] for id, (track, kind) in zip(ids, found)]

    def _track(self, request):
        found = [track for track, _ in self._all()]
        for id, track in zip(self._identities.of(found), found):
            if id == request.get("track"):
                return track
        raise Refusal("the track is not there any more", gone=True)

    def _devices(self, request):
        found = [(device, _apart(device)) for device in self._track(request).devices]
        return [
            [str(device._live_ptr), device.name + apart, device.class_name + apart] for device, apart in found
        ]

    def _named(self, request):
        """The parameters of what is meant: of the mixer by name, of a device by number."""
        track, wanted = self._track(request), request.get("device")
        if wanted == MIXER:
            mixer = track.mixer_device
            return {"volume": mixer.volume, "panning": mixer.panning}
        for device in track.devices:
            if str(device._live_ptr) == wanted:
                return dict(enumerate(device.parameters))
        raise Refusal("the device is not there any more", gone=True)

    def _parameters(self, request):
        told = [[at, *_told(parameter)] for at, parameter in self._named(request).items()]
        if request.get("device") == MIXER:
            track = self._track(request)
            mute = (
                []
                if track == self._song.master_track
                else [["mute", "mute", float(track.mute), 0, 1, True, [], ""]]
            )
            return told + mute
        return told

    def _show(self, request):
        parameter = self._one(request, request.get("parameter"), request.get("name"))
        return [parameter.str_for_value(float(value)) for value in request["values"]]

    def _one(self, request, at, name):
        parameter = self._named(request).get(at)
        if parameter is None or parameter.name != name:
            raise Refusal("the parameter %s is not there" % name, gone=True)
        return parameter

    def _set(self, request):
        """[number or name, the parameter's name, value] each; what Live refuses is told by the parameter's name."""
        refused = {}
        track = self._track(request)
        named = self._named(request)
        self._begin()
        self._identities.keep(track)
        for at, name, value in request["values"]:
            try:
                if at == "mute":
                    track.mute = bool(value)
                    continue
                parameter = named.get(at)
                if parameter is None or parameter.name != name:
                    raise Refusal("it is not there")
                parameter.value = float(value)
            except Exception as error:
                refused[name] = str(error)
        return refused

    def _insert(self, request):
        track = self._track(request)
        if not hasattr(track, "insert_device"):
            raise Refusal("this version of Live inserts no device for a script; 12.3 and later do")
        self._begin()
        self._identities.keep(track)
        track.insert_device(str(request["name"]))
        return True

    def _end(self, request):
        self.close()
        return True

    def _clip(self, request):
        told = selected(self._song)
        tracks = [track for track, _ in self._all()]
        ids = self._identities.of(tracks)
        for id, track in zip(ids, tracks):
            if track == told["track"]:
                told["track"], told["track_name"] = id, track.name
                return told
        raise Refusal("the clip's track cannot be told", gone=True)

    def _bring(self, request):
        track = self._track(request) if request.get("track") else None
        self._begin()
        try:
            return brought(self._song, track, request)
        finally:
            self.close()


def _kind(track):
    if track.is_foldable:
        return "bus"
    return "midi" if track.has_midi_input else "audio"


def _apart(device):
    """An EQ Eight that works on left and right or mid and side apart is another device to us."""
    return " (not in stereo)" if getattr(device, "global_mode", 0) else ""


def _told(parameter):
    items = list(parameter.value_items) if parameter.is_quantized else []
    shown = parameter.str_for_value(parameter.value)
    return [
        parameter.name,
        parameter.value,
        parameter.min,
        parameter.max,
        parameter.is_quantized,
        items,
        shown,
    ]
