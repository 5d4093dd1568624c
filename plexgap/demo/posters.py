"""Drawn posters: dusk, moon, hills, waves, stripes, and the title. The same number draws the same picture.

Pillow is imported when the first picture is drawn. Changes when the demo's pictures do.
"""

from __future__ import annotations

import colorsys
import io
import random
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

Colour = tuple[int, int, int]
_LARGEST = 2_000
# hue of the upper sky, hue of the lower sky
_DUSKS = (
    (0.60, 0.05),
    (0.72, 0.94),
    (0.55, 0.12),
    (0.78, 0.03),
    (0.50, 0.60),
    (0.66, 0.08),
    (0.95, 0.10),
    (0.40, 0.14),
)


@lru_cache(maxsize=256)
def draw(title: str, number: int, width: int, height: int) -> bytes:
    """A JPEG of this size, at most 2,000 pixels a side."""
    from PIL import ImageDraw

    width, height = min(max(width, 16), _LARGEST), min(max(height, 16), _LARGEST)
    dice = random.Random(f"poster {number}")
    upper, lower = dice.choice(_DUSKS)
    shift = dice.uniform(-0.04, 0.04)
    image = _sky(width, height, _colour(upper + shift, 0.55, 0.28), _colour(lower + shift, 0.62, 0.86))
    brush = ImageDraw.Draw(image, "RGBA")
    _moon(brush, dice, width, height)
    dice.choice((_hills, _waves, _stripes, _city))(brush, dice, width, height, upper + shift)
    _title(brush, title, width, height)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return (round(red * 255), round(green * 255), round(blue * 255))


def _sky(width: int, height: int, top: Colour, bottom: Colour) -> Image:
    """A gradient, drawn one pixel wide and stretched."""
    from PIL import Image

    strip = Image.new("RGB", (1, 64))
    for row in range(64):
        share = row / 63
        strip.putpixel((0, row), tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)))
    return strip.resize((width, height), Image.Resampling.BICUBIC)


def _moon(brush: ImageDraw, dice: random.Random, width: int, height: int) -> None:
    """A disc with a faint ring, somewhere in the upper half."""
    radius = width * dice.uniform(0.10, 0.22)
    x, y = width * dice.uniform(0.25, 0.75), height * dice.uniform(0.18, 0.42)
    for grown, alpha in ((1.7, 26), (1.35, 40), (1.0, 225)):
        r = radius * grown
        brush.ellipse((x - r, y - r, x + r, y + r), fill=(255, 246, 226, alpha))


def _hills(brush: ImageDraw, dice: random.Random, width: int, height: int, hue: float) -> None:
    """Three ridges, darker towards the viewer."""
    for layer in range(3):
        base = height * (0.55 + 0.13 * layer)
        points = [(0.0, float(height))]
        steps = 9
        for step in range(steps + 1):
            points.append((width * step / steps, base - height * dice.uniform(0.0, 0.12)))
        points.append((float(width), float(height)))
        brush.polygon(points, fill=(*_colour(hue, 0.5, 0.34 - 0.10 * layer), 255))


def _waves(brush: ImageDraw, dice: random.Random, width: int, height: int, hue: float) -> None:
    """Rows of overlapping bows, as on old prints."""
    size = width / dice.choice((4, 5, 6))
    row, y = 0, height * 0.58
    while y < height + size:
        x = -size * (0.5 if row % 2 else 0.0)
        while x < width + size:
            for ring in range(3):
                r = size * (0.62 - 0.17 * ring)
                shade = _colour(hue + 0.02 * ring, 0.45, 0.24 + 0.12 * ring)
                brush.ellipse((x + size / 2 - r, y - r, x + size / 2 + r, y + r), fill=(*shade, 255))
            x += size
        row, y = row + 1, y + size * 0.34


def _stripes(brush: ImageDraw, dice: random.Random, width: int, height: int, hue: float) -> None:
    """Slanted bands across the lower half."""
    count = dice.randint(5, 9)
    slant = height * dice.uniform(-0.18, 0.18)
    for band in range(count):
        y = height * 0.56 + band * height * 0.45 / count
        shade = _colour(hue + band * 0.015, 0.55, 0.18 + 0.05 * (band % 4))
        thick = height * 0.45 / count * 0.72
        brush.polygon(
            [(0, y + slant), (width, y - slant), (width, y - slant + thick), (0, y + slant + thick)], fill=(*shade, 235)
        )


def _city(brush: ImageDraw, dice: random.Random, width: int, height: int, hue: float) -> None:
    """Roofs against the light, some windows lit."""
    x = 0.0
    while x < width:
        wide = width * dice.uniform(0.07, 0.16)
        top = height * dice.uniform(0.48, 0.72)
        brush.rectangle((x, top, x + wide, height), fill=(*_colour(hue, 0.45, dice.uniform(0.12, 0.22)), 255))
        for _ in range(dice.randint(1, 6)):
            wx, wy = x + wide * dice.uniform(0.15, 0.75), dice.uniform(top + height * 0.02, height * 0.98)
            brush.rectangle((wx, wy, wx + width * 0.018, wy + height * 0.018), fill=(255, 221, 150, 210))
        x += wide * 1.02


def _title(brush: ImageDraw, title: str, width: int, height: int) -> None:
    """The title in at most four lines at the foot, on a shade that keeps it readable."""
    size = max(9, width // 11)
    font = _font(size)
    lines = _lines(title, max(6, int(width * 0.86 / (size * 0.52))))
    step = size * 1.22
    top = height - len(lines) * step - height * 0.05
    brush.rectangle((0, top - size * 0.7, width, height), fill=(12, 12, 18, 120))
    for number, line in enumerate(lines):
        brush.text((width * 0.07, top + number * step), line, fill=(255, 250, 240, 255), font=font)


@lru_cache(maxsize=16)
def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _lines(title: str, width: int) -> list[str]:
    """Words in lines of about that many letters, four at most."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[: width + 2]
    return lines if len(lines) <= 4 else [*lines[:3], f"{lines[3][: width - 1]}\u2026"]
