"""Hand-overs at a boundary, from both sides."""
