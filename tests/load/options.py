"""How large and how long."""

from dataclasses import dataclass

SMALLEST = 10_000  # passes: what everything is compared with
MEAN = 2.857  # people in a household of the rehearsal


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line: passes (``rows``) or people (``residents``) in the largest world."""

    rows: int = 1_000_000
    residents: int = 100_000
    database: str = "sqlite"
    toy: bool = False
    peers: bool = False  # programs of others, fetched for it

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of passes, from the smallest world to the largest."""
        if self.toy:
            return (400,)
        between = (100_000,) if self.rows > 100_000 else ()
        return (SMALLEST, *between, self.rows) if self.rows > SMALLEST else (self.rows,)

    @property
    def households(self) -> tuple[int, int]:
        """Households of the smaller and of the larger of two peopled worlds."""
        return (30, 60) if self.toy else (round(SMALLEST / MEAN), max(round(self.residents / MEAN), 100))

    @property
    def rounds(self) -> int:
        """How often the sides take turns."""
        return 1 if self.toy else 5

    @property
    def seconds(self) -> float:
        """How long each side's turn is."""
        return 0.2 if self.toy else 2.0

    @property
    def workers(self) -> int:
        """Processes of each server."""
        return 1 if self.toy else 2

    @property
    def connections(self) -> int:
        """How many ask at once."""
        return 4 if self.toy else 16

    @property
    def people(self) -> int:
        """How many post at once."""
        return 8 if self.toy else 64

    @property
    def repeats(self) -> int:
        """How often a single question or document is timed."""
        return 1 if self.toy else 31
