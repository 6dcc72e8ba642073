"""What foreign code writes on the line between two processes is a dead line, and neither sound nor a sign of life."""

from __future__ import annotations

import socket
import struct

import numpy as np
import pytest

from bridge.hosting.line import SLOT_BYTES, Line

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the line is another one there")


class Impatient:
    """Waits for nothing and is not to be told that all is well."""

    def beat(self) -> None:
        raise AssertionError("that was no sign of life")

    def look(self) -> None:
        raise AssertionError("nothing came")


@pytest.mark.parametrize(
    "written",
    [
        struct.pack("<cII", b"x", 0, 0),
        struct.pack("<cII", b"S", SLOT_BYTES, 0),
        struct.pack("<cII", b"E", 4, 0) + b"junk",
        struct.pack("<cII", b"E", 2, 0) + b"[]",
    ],
)
def test_words_that_are_none_end_the_line(written):
    line = Line(0)
    with socket.socket(socket.AF_UNIX) as child:
        child.connect(line.address[1])
        line.accept(lambda: True)
        child.sendall(written)
        with pytest.raises(ConnectionError, match="out of step"):
            line.process(np.zeros((2, 512), np.float32), Impatient())
    line.close()
