"""The same picture in fewer bytes, so that pages with many figures stay light.

matplotlib writes an SVG to a millionth of a point, with a line for each corner and the same
style at each marker, and a PNG with a colour of its own for each shade of an edge. A
hundredth of a point and 128 colours look the same.
"""

import io
import re
from itertools import groupby

from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

COLOURS = 128

_OUTLINE = re.compile(r'(?<= d=")[^"]*')
_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
_PLACE = re.compile(r'(?<= [xy]=")[^"]*')
_INDENT = re.compile(r"(?<=>)\s+(?=<)")
# Markers of one curve, whose style each inherits as well from their group. Opacity is not
# inherited, but multiplied.
_MARKERS = re.compile(
    r'<g([^>]*)>((?:<use [^>]*( style="(?![^"]*opacity)[^"]*")/>)(?:<use [^>]*\3/>)+)</g>'
)


def svg(picture: bytes) -> bytes:
    """Return an SVG of matplotlib's with two decimals and without white space.

    Parameters
    ----------
    picture : bytes

    Returns
    -------
    bytes
    """
    text = _INDENT.sub("", picture.decode())
    text = _OUTLINE.sub(lambda found: _outline(found[0]), text)
    text = _PLACE.sub(lambda found: _written(_hundredths(found[0])), text)
    return _MARKERS.sub(_grouped, text).encode()


def png(picture: bytes) -> bytes:
    """Return a PNG with few colours, and with all that it says about itself.

    Parameters
    ----------
    picture : bytes

    Returns
    -------
    bytes
    """
    image = PngImageFile(io.BytesIO(picture))
    notes = PngInfo()
    for key, value in image.text.items():
        notes.add_text(key, value)
    # The method that keeps white and the colours of curves as they are.
    method = Image.Quantize.MAXCOVERAGE
    few = image.convert("RGB").quantize(COLOURS, method, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, "PNG", compress_level=9, dpi=image.info["dpi"], pnginfo=notes)
    return buffer.getvalue()


def _outline(text: str) -> str:
    """Return the same path by differences, which are short where points are close."""
    parts, here = [], (0, 0)
    for command, steps in groupby(_STEP.findall(text), key=lambda step: step[0]):
        numbers = []
        for _, written in steps:
            values = [_hundredths(number) for number in written.split()]
            points = list(zip(values[::2], values[1::2], strict=True))
            # Seen from the rounded point before, so that roundings do not add up.
            x, y = (0, 0) if command == "M" else here
            numbers += [_written(value) for px, py in points for value in (px - x, py - y)]
            here = points[-1] if points else here
        parts.append(command if command == "M" else command.lower())
        parts.append(" ".join(numbers).replace(" -", "-"))
    return "".join(parts)


def _hundredths(number: str) -> int:
    return round(100 * float(number))


def _written(hundredths: int) -> str:
    """Return a number of hundredths as the shortest text."""
    text = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _grouped(found: re.Match[str]) -> str:
    """Return markers without the style that they share, which their group has instead."""
    group, markers, style = found.groups()
    return f"<g{group}{style}>{markers.replace(style, '')}</g>"
