"""The only place that reads and writes the headers of htmx."""

from flask import Response, request

VARIES_BY = ("HX-Request", "HX-Request-Type")


def asks_for_a_fragment() -> bool:
    """Whether the browser wants a part of the page. Boosted links, whole targets and "back" want all of it."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") != "full"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def lead_to(url: str) -> Response:
    """Take the whole window to another page although only a part of this one was asked for."""
    return Response(headers={"HX-Redirect": url})


def vary(response: Response) -> Response:
    """Keep whole pages and fragments apart in every cache."""
    response.vary.update(VARIES_BY)
    return response
