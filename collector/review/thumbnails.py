"""Small pictures of photos, so that a page of them is light on a phone."""

import io
import threading
from typing import BinaryIO

from PIL import Image, ImageOps

#: Longer side of a small picture, pixels: twice what the page shows, for screens with fine dots.
SIDE = 320
#: Pixels of a picture that is read as a whole, at 4 bytes each; JPEG is read in a smaller size from the start, and Pillow takes no
#: more than 179 million pixels of it. Phones make no larger ones.
MAX_PIXELS = 20_000_000
#: Pictures that one process reads at the same time: a small file may hold many pixels, and each takes memory while it is read.
AT_ONCE = threading.BoundedSemaphore(2)


def make_thumbnail(photo: BinaryIO) -> bytes | None:
    """The picture in `photo` as a small JPEG, upright; None for what is no picture or too large to be read."""
    try:
        with AT_ONCE, Image.open(photo) as picture:
            if is_read_as_a_whole(picture) and picture.width * picture.height > MAX_PIXELS:
                return None
            picture.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            target = io.BytesIO()
            # What is transparent becomes white, not black.
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright, mask=upright.convert("RGBA").getchannel("A"))
            flat.save(target, "JPEG", quality=80)
            return target.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def is_read_as_a_whole(picture: Image.Image) -> bool:
    """Tell whether reading a picture takes room for each of its pixels: every kind but JPEG, and of that the progressive one."""
    return picture.format != "JPEG" or bool(picture.info.get("progressive"))
