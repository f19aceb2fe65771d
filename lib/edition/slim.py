"""Take out of a built site what no reader's browser uses.

The themes bring maps from their minified scripts to the sources, fonts for browsers of the
years before 2015, catalogues of translations that are compiled already, and a script with
two thousand icons, which their fonts draw as well.
"""

import re
from pathlib import Path

from edition.files import remove

UNUSED = (
    "_static/**/*.map",
    "_static/**/*.ttf",
    "_static/locales",
    "_static/scripts/fontawesome.js*",
    "_static/mathjax/input/tex/extensions/all-packages.js",
)

_MAP = re.compile(r"(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]+\*/)\s*")
_TRUETYPE = re.compile(r',\s*url\([^)]*\.ttf\)\s*format\("truetype"\)')
_ICONS = re.compile(r"\s*<script[^>]*/fontawesome\.js[^>]*></script>")
# Names, punctuation and space have the colour of all code.
_PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')


def down(site: Path) -> None:
    """Make a built site lighter.

    Parameters
    ----------
    site : Path
        Its folder; files in it are removed, and what names them is changed.
    """
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            remove(path)
    for pattern, rules in (
        ("*.html", ((_ICONS, ""), (_PLAIN, r"\1"))),
        ("*.css", ((_MAP, ""), (_TRUETYPE, ""))),
        ("*.js", ((_MAP, ""),)),
    ):
        for file in site.rglob(pattern):
            _rewrite(file, rules)


def _rewrite(file: Path, rules: tuple[tuple[re.Pattern[str], str], ...]) -> None:
    """Replace patterns in a file."""
    before = after = file.read_text("utf-8")
    for pattern, text in rules:
        after = pattern.sub(text, after)
    if after != before:
        file.write_text(after, "utf-8")
