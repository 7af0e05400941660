"""What the documents of an area are set with: style sheets, fonts, and a fetcher that knows nothing else."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.printing.fonts import FONT

FONT_URL = "paper:NotoSansSC-Paper.ttf"
FONT_FACE = f"@font-face{{font-family:Paper;src:url({FONT_URL})}}"
STYLES = FONT.parent.parent


@dataclass(frozen=True)
class Materials:
    """WeasyPrint's own objects, which ship no types."""

    fonts: Any
    style: Any
    fetcher: Any


def style_sheets(area: str) -> tuple[Path, ...]:
    """What all paper shares, and after it the area's own sheet where there is one."""
    own = STYLES / f"{area}.css"
    shared = STYLES / "print.css"
    return (shared, own) if area and own.is_file() else (shared,)


def style_text(area: str) -> str:
    """The style sheets of an area in one, without the fonts."""
    return "".join(sheet.read_text() for sheet in style_sheets(area))


@cache
def materials(area: str) -> Materials:
    """Made once for each area in each process: they are half of the work of one document."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFont(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Knows one address. Nothing else can be fetched, neither from the network nor from the disk."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url != FONT_URL:
                raise ValueError(f"a document may not fetch {url}")
            return URLFetcherResponse(url, FONT.read_bytes(), {"Content-Type": "font/ttf"})

    fonts, fetcher = FontConfiguration(), OurFont()
    text = FONT_FACE + style_text(area)
    style = CSS(string=text, base_url="paper:", url_fetcher=fetcher, font_config=fonts)
    return Materials(fonts, style, fetcher)
