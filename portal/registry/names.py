"""Names as they are stored and searched: one form for what people type in several."""

import re
import unicodedata

LONGEST_NAME = 60
# The dot within names like 阿依古丽·买买提, as keyboards and spreadsheets write it.
DOTS = re.compile(r"\s*[·•‧∙⋅・･ᐧ᛫⸱]\s*")
DOT_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[^\x00-\x7f])\s*[.．]\s*(?=[^\x00-\x7f])")
SPACE_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")


def uniform_name(text: str) -> str:
    """Full-width letters made plain, one kind of dot, no spaces between Chinese characters, single ones elsewhere."""
    name = unicodedata.normalize("NFKC", text).strip()
    name = DOTS.sub("·", DOT_BETWEEN_IDEOGRAPHS.sub("·", name))
    return " ".join(SPACE_BETWEEN_IDEOGRAPHS.sub("", name).split())
