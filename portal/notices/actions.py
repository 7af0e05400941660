"""What the trail calls the actions of notices."""

from typing import Any

ACTIONS: dict[str, Any] = {}
