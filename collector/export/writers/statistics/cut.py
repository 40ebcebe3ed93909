"""Texts within the limits of file formats, cut between characters (A67). Pure."""


def as_bytes(text: str) -> bytes:
    """`text` in UTF-8, without the zero bytes that end a text in Stata; half characters become ?: UTF-8 has none."""
    return text.encode("utf-8", "replace").replace(b"\0", b"")


def cut_bytes(text: str, most: int) -> str:
    """As many whole characters of `text` as `most` bytes hold."""
    return text if len(text) * 4 <= most else as_bytes(text)[:most].decode("utf-8", "ignore")


def pieces(content: bytes, most: int) -> list[bytes]:
    """UTF-8 divided between characters into pieces of at most `most` bytes, which is 4 at least. None of nothing."""
    parts = []
    while content:
        end = most
        # A byte 10xxxxxx continues a character.
        while end < len(content) and content[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(content[:end])
        content = content[end:]
    return parts
