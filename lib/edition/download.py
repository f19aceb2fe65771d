"""Notebooks that a page opened from a folder can hand to its reader.

From a folder, a browser shows a notebook instead of keeping it, and a page may not read other
files. It may load a script, though: here a notebook is one, packed.
"""

import base64
import json
import zlib


def script(name: str, content: bytes) -> str:
    """Return a file as JavaScript that offers it for download.

    Parameters
    ----------
    name : str
        The name under which it is kept.
    content : bytes

    Returns
    -------
    str
        A call of ``EDITION_DOWNLOAD``, which ``book/_static/edition.js`` defines. The same
        content gives the same text.
    """
    # Not gzip, whose head names the system.
    packed = base64.b64encode(zlib.compress(content)).decode()
    return f"EDITION_DOWNLOAD({json.dumps(name)}, {json.dumps(packed)});\n"
