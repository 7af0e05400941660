"""Every route says what it needs; a route that says nothing cannot exist, and an unknown one is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.acting import may
from portal.access.policy import May
from portal.web.headers import csrf

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Need = May | str

ANYONE = "anyone"  # signing in, the public check, static files
SIGNED_IN = "signed in"  # the home page, one's own account
PAIRED_DEVICE = "a paired device"  # a gate's phone, by its own token
PAIRING_CODE = "a pairing code"  # what becomes a paired device
# Here no cookie speaks for anybody, so no other site can make use of one: these need no form token.
WITHOUT_COOKIES = frozenset({PAIRED_DEVICE, PAIRING_CODE})


class Area(Blueprint):
    """A blueprint whose routes must name what they need, and what the area gives to the floors above and below.

    ``@area.get("/<int:pass_id>", needs=May.SEE_PASSES)``. ``menu`` is the area's word in the menu (lazy), where its
    endpoint ``index`` is meant; areas without one have no line there. ``rooms`` are areas that open with this one.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        url_prefix: str | None = None,
        menu: Any = None,
        contributes: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(name, import_name, url_prefix=f"/{name}" if url_prefix is None else url_prefix)
        self.needs: dict[str, Need] = {}
        self.menu = menu
        self.contributes = contributes or {}
        self.rooms: tuple[Area, ...] = ()

    def get(self, rule: str, *, needs: Need, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A page that only looks."""
        return self._needing(rule, needs, ["GET"], options)

    def post(self, rule: str, *, needs: Need, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A step that writes."""
        return self._needing(rule, needs, ["POST"], options)

    def form(self, rule: str, *, needs: Need, **options: Any) -> Callable[[View], View]:
        """A page with a form that is posted to the page itself."""
        return self._needing(rule, needs, ["GET", "POST"], options)

    def route(self, rule: str, **options: Any) -> Any:
        raise TypeError(
            f"{self.name}{rule}: use area.get, area.post or area.form, which say what a route needs"
        )

    def _needing(
        self, rule: str, needs: Need, methods: list[str], options: dict[str, Any]
    ) -> Callable[[View], View]:
        if not isinstance(needs, May) and needs not in (ANYONE, SIGNED_IN, *WITHOUT_COOKIES):
            raise TypeError(f"{self.name}{rule} needs something that the policy does not know: {needs!r}")

        def register(view: View) -> View:
            endpoint = options.pop("endpoint", view.__name__)
            if self.needs.setdefault(endpoint, needs) != needs:
                raise TypeError(f"{self.name}.{endpoint} needs two different things")
            self.add_url_rule(rule, endpoint, view, methods=methods, **options)
            return view

        return register


@dataclass
class Gatehouse:
    """What each endpoint needs, collected while the areas are registered."""

    needs: dict[str, Need] = field(default_factory=lambda: {"static": ANYONE})
    areas: list[Area] = field(default_factory=list)


def init_app(app: Flask) -> None:
    """Ask before every request. Register the areas afterwards with ``register``."""
    app.extensions["gatehouse"] = Gatehouse()
    app.extensions["may_open"] = can_open
    app.before_request(let_in_or_refuse)
    app.jinja_env.globals.update(may=may, May=May, menu=menu, can_open=can_open, open_pages=open_pages)


def register(app: Flask, area: Area) -> None:
    """Open an area with its rooms: the routes, and what each of them needs."""
    app.register_blueprint(area)
    gatehouse: Gatehouse = app.extensions["gatehouse"]
    gatehouse.areas.append(area)
    needed = {f"{area.name}.{endpoint}": need for endpoint, need in area.needs.items()}
    gatehouse.needs |= needed
    for endpoint, need in needed.items():
        if need in WITHOUT_COOKIES:
            csrf.exempt(app.view_functions[endpoint])
    for room in area.rooms:
        register(app, room)


def needs() -> dict[str, Need]:
    """Endpoint → what it needs, for the whole application."""
    gatehouse: Gatehouse = current_app.extensions["gatehouse"]
    return gatehouse.needs


def contributed(what: str) -> list[tuple[str, Any]]:
    """What the areas declare under this name (``todo``, ``measure`` …): (area name, contribution), in AREAS order."""
    gatehouse: Gatehouse = current_app.extensions["gatehouse"]
    return [(area.name, area.contributes[what]) for area in gatehouse.areas if what in area.contributes]


def open_pages() -> list[tuple[str, Any]]:
    """What anybody may read: ``open_page`` of the areas, (endpoint, word), as (address, word)."""
    return [(url_for(endpoint), word) for _area, (endpoint, word) in contributed("open_page")]


def opened() -> list[str]:
    """The names of the areas, from the lowest floor up."""
    gatehouse: Gatehouse = current_app.extensions["gatehouse"]
    return [area.name for area in gatehouse.areas]


def let_in_or_refuse() -> ResponseReturnValue | None:
    """The one place where a request is let in: 404 no such page, sign-in or device, 403.

    ``ask_device`` is given by who knows the devices: it puts the one acting on the request, or answers with a refusal.
    """
    if request.endpoint is None:
        return None
    need = needs().get(request.endpoint)
    if need == ANYONE:
        return None
    if need in WITHOUT_COOKIES:
        g.acting = None
        refused: ResponseReturnValue | None = current_app.extensions["ask_device"](need)
        return refused
    if g.get("acting") is None:
        refusal: ResponseReturnValue = current_app.extensions["ask_to_sign_in"]()
        return refusal
    if need != SIGNED_IN and not (isinstance(need, May) and may(need)):
        abort(403)
    return None


def can_open(endpoint: str) -> bool:
    """Whether the one acting now may open this endpoint: so that links and routes agree."""
    need = needs().get(endpoint)
    return need in (ANYONE, SIGNED_IN) or (isinstance(need, May) and may(need))


def menu() -> list[tuple[str, Any, bool]]:
    """The lines of the menu for the one acting now: (address, word, is it the page's own area), topmost floor first."""
    gatehouse: Gatehouse = current_app.extensions["gatehouse"]
    shown = [area for area in reversed(gatehouse.areas) if area.menu and can_open(f"{area.name}.index")]
    return [(url_for(f"{area.name}.index"), area.menu, area.name == request.blueprint) for area in shown]
