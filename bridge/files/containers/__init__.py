"""What containers say of themselves, held against the bytes that are there. No decoder is asked."""

from bridge.files.containers.survey import Chunk, Survey, survey

__all__ = ["Chunk", "Survey", "survey"]
