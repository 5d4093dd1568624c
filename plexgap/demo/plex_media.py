"""Versions and files of the invented Plex's items. Changes when Media or Part elements do.

Source: reference/plex.md 5, the recorded samples.
"""

from __future__ import annotations

from plexgap.demo.library import MEDIA, PARTS, SECOND_COPY, Odd
from plexgap.demo.plex_words import Row, Wanted

# height of a resolution as Plex names it -> width, height, codec
_PICTURE = {
    "720": (1280, 720, "h264"),
    "1080": (1920, 1080, "h264"),
    "2160": (3840, 2160, "hevc"),
}


def media(key: int, file: str, minutes: int, odd: Odd, wanted: Wanted) -> list[Row]:
    """One version, or several of the same item in several qualities."""
    usual = "720" if key % 5 == 0 else "1080"
    first = _version(key + odd.generation * 10_000_000, key, file, minutes, odd.resolution or usual, odd, wanted)
    if odd.copies == 1:
        return [first]
    stem, _, ending = file.rpartition(".")
    second = _version(key + SECOND_COPY, key, f"{stem} - 720p.{ending}", minutes, "720", odd, wanted)
    return [first, second]


def _version(number: int, key: int, file: str, minutes: int, resolution: str, odd: Odd, wanted: Wanted) -> Row:
    width, height, codec = _PICTURE[resolution]
    duration = minutes * 60_000 + key % 977
    size = minutes * height * 40_000 + number % 9_973
    part: Row = {
        "id": PARTS + number,
        "key": f"/library/parts/{PARTS + number}/{1_700_000_000 + key}/file.mkv",
        "duration": duration,
        "file": file,
        "size": size,
        "container": "mkv",
        "videoProfile": "high",
    }
    if wanted.detail:
        part["Stream"] = [
            {
                "id": number * 2,
                "streamType": 1,
                "default": True,
                "codec": codec,
                "index": 0,
                "height": height,
                "width": width,
            },
            {"id": number * 2 + 1, "streamType": 2, "selected": True, "codec": "eac3", "index": 1, "channels": 6},
        ]
    return {
        "id": MEDIA + number,
        "duration": duration,
        "bitrate": size // max(1, duration // 8),
        "width": width,
        "height": height,
        "aspectRatio": 1.78,
        "audioChannels": 6,
        "audioCodec": "eac3",
        "videoCodec": codec,
        "videoResolution": "4k" if resolution == "2160" else resolution,
        "container": "mkv",
        "videoFrameRate": "24p",
        "videoProfile": "high",
        "Part": [part],
    }


def music_media(key: int, file: str, duration: int) -> Row:
    part: Row = {
        "id": PARTS + key,
        "key": f"/library/parts/{PARTS + key}/1/file.flac",
        "duration": duration,
        "file": file,
    }
    part |= {"size": duration * 110, "container": "flac"}
    return {
        "id": MEDIA + key,
        "duration": duration,
        "audioChannels": 2,
        "audioCodec": "flac",
        "container": "flac",
        "Part": [part],
    }
