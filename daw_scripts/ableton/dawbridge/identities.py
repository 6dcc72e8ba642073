"""Ids of tracks that stay while they are renamed and moved.

Live's own pointers are good until the set is closed; so that a change can be put back tomorrow, a track that was
written to keeps its id in the set, where this version of Live can keep data there.
"""

import uuid

KEY = "dawbridge-id"


class Identities(object):
    def __init__(self):
        self._ids = {}

    def of(self, tracks):
        """Their ids, in order. A copy of a track brings the id of its original; it gets one of its own."""
        there = {track._live_ptr for track in tracks}
        self._ids = {pointer: id for pointer, id in self._ids.items() if pointer in there}
        taken = set(self._ids.values())
        kept = [_kept(track) for track in tracks if track._live_ptr not in self._ids]
        for track in tracks:
            if track._live_ptr in self._ids:
                continue
            id = _kept(track)
            if not id or id in taken or kept.count(id) > 1:
                id = uuid.uuid4().hex[:12]
            taken.add(id)
            self._ids[track._live_ptr] = id
        return [self._ids[track._live_ptr] for track in tracks]

    def keep(self, track):
        """In the set, with the next save."""
        if hasattr(track, "set_data"):
            track.set_data(KEY, self._ids[track._live_ptr])


def _kept(track):
    if not hasattr(track, "get_data"):
        return ""
    found = track.get_data(KEY, "")
    return found if isinstance(found, str) else ""
