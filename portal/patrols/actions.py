"""What the trail calls the actions of patrols and routes."""

from typing import Any

ACTIONS: dict[str, Any] = {}
