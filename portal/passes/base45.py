"""Base45 (RFC 9285): bytes as text of the QR code's alphanumeric mode, two bytes in three characters."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """The text of ``data``. It never ends in a space, so trimming it is harmless."""
    text = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        rest = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            rest, value = divmod(rest, 45)
            text.append(ALPHABET[value])
    return "".join(text)


def decode(text: str) -> bytes:
    """The bytes behind ``text``; ValueError for anything that ``encode`` would not have written."""
    data = bytearray()
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        if len(group) == 1 or any(character not in VALUES for character in group):
            raise ValueError("not base45")
        number = sum(VALUES[character] * 45**place for place, character in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            raise ValueError("not base45")
        data += number.to_bytes(len(group) - 1)
    return bytes(data)
