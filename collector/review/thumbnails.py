"""Small pictures of photos, so that a page of them is light on a phone."""

import io
from pathlib import Path

from PIL import Image, ImageOps

#: Longer side of a small picture, pixels: twice what the page shows, for screens with fine dots.
SIDE = 320
#: Pixels of a picture that is read as a whole; JPEG is read in a smaller size from the start.
MAX_PIXELS = 40_000_000


def make_thumbnail(path: Path) -> bytes | None:
    """The picture at `path` as a small JPEG, upright; None for what is no picture or too large to be read."""
    try:
        with Image.open(path) as picture:
            if picture.format != "JPEG" and picture.width * picture.height > MAX_PIXELS:
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
