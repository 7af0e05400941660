"""Our modules are those of segno, whatever is written and however long it is."""

from collections.abc import Iterator

import pytest
import segno
import segno.encoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.printing.qr_modules import ALPHABET, MOST_VERSION, modules

LONGEST = 352
SIGNS = "".join(ALPHABET)
SOME_OF_ALL = SIGNS * 9
texts = st.integers(1, LONGEST).flatmap(lambda length: st.text(SIGNS, min_size=length, max_size=length))


@pytest.fixture(autouse=True)
def padded_as_in_the_standard() -> Iterator[None]:
    """Behind a text that ends at the edge of a codeword segno writes one of noughts, which 7.4.10 does not have."""

    def to_the_edge(bits: list[int], version: int, length: int) -> None:
        bits.extend([0] * (-length % 8))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segno.encoder, "write_padding_bits", to_the_edge)
        yield


def of_segno(text: str) -> tuple[bytes, int]:
    code = segno.make(text, error="q", boost_error=False, mode="alphanumeric", mask=0, micro=False)
    return b"".join(map(bytes, code.matrix)), len(code.matrix)


@given(texts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_modules_as_segno(text: str) -> None:
    assert modules(text) == of_segno(text)


def test_the_same_for_every_length_and_so_for_every_version() -> None:
    codes = {length: modules(SOME_OF_ALL[length % 45 :][:length]) for length in range(1, LONGEST + 1)}
    assert codes == {length: of_segno(SOME_OF_ALL[length % 45 :][:length]) for length in codes}
    assert {size for _modules, size in codes.values()} == {17 + 4 * n for n in range(1, MOST_VERSION + 1)}
