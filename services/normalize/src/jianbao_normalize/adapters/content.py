"""From a push to its clean text: the content, from wherever it lies, checked and cleaned."""

from __future__ import annotations

import hashlib

from jianbao_contracts import RawPush
from jianbao_normalize.domain.cleaning import CleanText, UnreadableError, clean
from jianbao_streaming import InvalidEvent, PayloadMissingError, Payloads


class ContentReader:
    """Reads the content of pushes; a large one lies in the payload store."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads

    def __call__(self, push: RawPush) -> CleanText:
        """Return the clean text. Raises InvalidEvent with the code that the office is told."""
        content = self._content(push)
        if hashlib.sha256(content).hexdigest() != push.sha256:
            raise InvalidEvent("content_missing", "the content is not the one that was pushed: its SHA-256 differs")
        try:
            return clean(content, media_type=push.media_type, charset=push.charset)
        except UnreadableError as error:
            raise InvalidEvent(error.code, error.reason) from error

    def _content(self, push: RawPush) -> bytes:
        if push.dataref is None:
            return push.content or b""
        try:
            return self._payloads.get(push.dataref)
        except PayloadMissingError as error:
            raise InvalidEvent("content_missing", str(error)) from error
