"""Facts as they are kept with a row of an import: plain JSON, and back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.registry.identifiers import DocumentType, birth_date, is_mans
from portal.registry.importing.cells import Facts
from portal.registry.kinds import HouseholdKind, Sex, Stay

KINDS: dict[str, Any] = {
    "sex": Sex,
    "stay": Stay,
    "document_type": DocumentType,
    "kind": HouseholdKind,
    "born_on": date.fromisoformat,
}


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has them: enums by value, dates in ISO."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def restored(facts: Mapping[str, Any]) -> Facts:
    """The values again as models take them."""
    return {name: KINDS[name](value) if name in KINDS and value else value for name, value in facts.items()}


def complete(person: Facts) -> Facts:
    """With what the number of the document tells besides, which counts more than what the row says."""
    born_on = birth_date(person["document"]) if "document" in person else None
    if born_on is None:
        return person
    return {**person, "born_on": born_on, "sex": Sex.MALE if is_mans(person["document"]) else Sex.FEMALE}


def dumped(told: Mapping[str, Any]) -> str:
    """What is sealed with a row."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def loaded(text: str | None) -> dict[str, Any]:
    """The same again; {} where nothing was kept."""
    return json.loads(text) if text else {}
