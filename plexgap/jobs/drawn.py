"""The drawn poster: a quiet picture of our own for a show that has none. Changes with its look alone."""

from __future__ import annotations

import colorsys
import hashlib
import unicodedata

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]


def draw_poster(key: str, title: str, width: int, height: int) -> Image.Image:
    """A poster in colours that follow from the key, with the title's first letter over bars of uneven height.

    The title itself always stands beside the picture. Pillow's own font knows plain Latin letters only, so a title in
    another script gets no letter.
    """
    seed = hashlib.sha256(key.encode()).digest()
    hue = seed[0] / 255
    image = _gradient(_colour(hue, 0.30, 0.36), _colour(hue + 0.06, 0.45, 0.18), width, height)
    pen = ImageDraw.Draw(image)
    _bars(pen, seed, hue, width, height)
    letter = _initial(title)
    if letter:
        font = ImageFont.load_default(height // 3)
        pen.text((width / 2, height * 0.33), letter, _colour(hue, 0.14, 0.86), font, anchor="mm")
    return image


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _gradient(top: Colour, bottom: Colour, width: int, height: int) -> Image.Image:
    column = Image.new("RGB", (1, height))
    for y in range(height):
        part = y / max(height - 1, 1)
        red, green, blue = (round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
        column.putpixel((0, y), (red, green, blue))
    return column.resize((width, height))


def _bars(pen: ImageDraw.ImageDraw, seed: bytes, hue: float, width: int, height: int) -> None:
    bars = 5 + seed[1] % 3
    step = width / (bars + 1)
    tallest = max(range(bars), key=lambda index: seed[2 + index])
    for index in range(bars):
        tall = (0.05 + 0.16 * seed[2 + index] / 255) * height
        left = step * (index + 0.6)
        fill = _colour(hue, 0.24, 0.82 if index == tallest else 0.52)
        pen.rectangle((left, height * 0.86 - tall, left + step * 0.8, height * 0.86), fill=fill)


def _initial(title: str) -> str:
    """The first letter or digit as a plain capital; "" where there is none that the font can draw."""
    first = next((char for char in title if char.isalnum()), "")
    plain = unicodedata.normalize("NFKD", first)[:1].upper()
    return plain if plain.isascii() else ""
