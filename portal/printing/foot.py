"""What stands at the foot of every sheet: who printed it, and when."""

from dataclasses import dataclass
from datetime import datetime

from portal import clock


@dataclass(frozen=True)
class Foot:
    """Goes into a document's field ``foot``; ``layouts/print.html`` shows it."""

    printed_by: str
    printed_at: datetime
    is_demo: bool = False

    @property
    def printed_at_in_words(self) -> str:
        return f"{clock.local(self.printed_at):%Y-%m-%d %H:%M}"

    def line(self, copy: int = 0) -> str:
        """The line in Chinese, as all paper is; ``copy`` says how often this document was printed, 0 nothing."""
        said = f"{self.printed_by} {self.printed_at_in_words} 打印"
        if copy:
            said += f"　第 {copy} 次"
        return f"演示数据，人员均为虚构　{said}" if self.is_demo else said
