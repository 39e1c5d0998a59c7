"""Small pictures with few colors, reduced in the browser that took them."""

import struct
import zlib
from base64 import b64decode, b64encode
from typing import Any

from playwright.async_api import Page

_COLOURS = 24
# The commonest colours stay; every other one becomes the nearest of them.
_REDUCE = """async ([png, most]) => {
  const bytes = Uint8Array.from(atob(png), each => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const keys = new Uint32Array(pixels.length / 4), counts = new Map();
  for (let at = 0; at < keys.length; at++) {
    const key = pixels[4 * at] << 16 | pixels[4 * at + 1] << 8 | pixels[4 * at + 2];
    keys[at] = key;
    counts.set(key, (counts.get(key) || 0) + 1);
  }
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, most).map(each => each[0]);
  const nearest = new Map();
  const apart = (a, b, by) => ((a >> by & 255) - (b >> by & 255)) ** 2;
  const far = (a, b) => apart(a, b, 16) + apart(a, b, 8) + apart(a, b, 0);
  for (const key of counts.keys()) {
    let best = 0;
    palette.forEach((each, at) => { if (far(key, each) < far(key, palette[best])) best = at; });
    nearest.set(key, best);
  }
  const indexed = new Uint8Array(keys.length);
  keys.forEach((key, at) => { indexed[at] = nearest.get(key); });
  let text = '';
  for (let at = 0; at < indexed.length; at += 32768)
    text += String.fromCharCode(...indexed.subarray(at, at + 32768));
  return {width: image.width, height: image.height, palette, indexed: btoa(text)};
}"""


async def reduced(page: Page, png: bytes) -> bytes:
    """The same picture as a PNG with a palette (PNG, section 11.2.2); `page` is any blank page."""
    found: Any = await page.evaluate(_REDUCE, [b64encode(png).decode(), _COLOURS])
    width, height = found["width"], found["height"]
    indexed = b64decode(found["indexed"])
    rows = b"".join(
        b"\0" + indexed[start : start + width] for start in range(0, width * height, width)
    )
    palette = b"".join(colour.to_bytes(3, "big") for colour in found["palette"])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", palette),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
