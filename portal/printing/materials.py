"""What the documents of an area are set with: style sheets, fonts, and a fetcher that knows nothing else."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from portal.printing.fonts import FONT, Face, faces

STYLES = FONT.parent.parent
KEPT = 32  # an area with its fonts each; more only where fonts are put in anew while the portal runs


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


@cache
def style_text(area: str) -> str:
    """The style sheets of an area in one, without the fonts."""
    return "".join(sheet.read_text() for sheet in style_sheets(area))


def faces_of(area: str) -> tuple[Face, ...]:
    """The fonts that an area's style sheets name, the office's own among them."""
    instance = current_app.config.get("INSTANCE")
    return faces(style_text(area), instance / "fonts" if instance else None)


@lru_cache(maxsize=KEPT)
def materials(area: str, fonts: tuple[Face, ...]) -> Materials:
    """Made once for each area in each process: they are half of the work of one document."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known = {face.url: face for face in fonts}

    class OurFonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Knows our fonts. Nothing else can be fetched, neither from the network nor from the disk."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in known:
                raise ValueError(f"a document may not fetch {url}")
            return URLFetcherResponse(url, known[url].content(), {"Content-Type": "font/ttf"})

    loaded, fetcher = FontConfiguration(), OurFonts()
    text = "".join(face.rule for face in fonts) + style_text(area)
    style = CSS(string=text, base_url="paper:", url_fetcher=fetcher, font_config=loaded)
    return Materials(loaded, style, fetcher)
