"""What every file that is read piece by piece from elsewhere has in common: a place in it that somebody may go to."""

import io


class SeekableReader(io.RawIOBase):
    """A file of `size_bytes` that is read at `_position`; nothing is fetched before somebody reads there."""

    size_bytes: int
    _position = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, as in any file. Beyond the end nothing is read. Raises ValueError for a place before its beginning."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size_bytes}[whence]
        if start + offset < 0:
            raise ValueError("a negative place in a file")
        self._position = start + offset
        return self._position
