"""``flask audit …``: proving the trail from a terminal."""

import sys

import click
from flask.cli import AppGroup

from portal.audit import chain, proof
from portal.audit.chain import Head
from portal.database import db


class HeadType(click.ParamType[Head]):
    """A head as it is printed: POSITION:DIGEST."""

    name = "POSITION:DIGEST"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        position, colon, digest = str(value).strip().partition(":")
        if not colon or not position.isdigit() or not digest:
            self.fail("write it as it was printed, like 1204:9f3c…", param, ctx)
        return Head(int(position), digest.strip().lower())


commands = AppGroup("audit", help="The tamper-evident trail.")


@commands.command()
@click.option("--anchor", "anchors", type=HeadType(), multiple=True, help="A head that was printed earlier.")
def verify(anchors: tuple[Head, ...]) -> None:
    """Find every changed, removed, inserted or exchanged entry. Exit code 1 when there is one."""
    found = 0
    for problem in proof.verify(*anchors):
        found += 1
        click.echo(_line(problem))
    with db.engine.connect() as connection:
        position, digest = chain.head(connection)
    click.echo(f"末位 Head {position}:{digest}")
    if found:
        click.echo(f"发现 {found} 处问题。{found} problem(s) found.")
        sys.exit(1)
    click.echo(f"共 {position} 条，链条完整。{position} entries, the chain is whole.")


@commands.command()
def head() -> None:
    """Print the last position and its digest, to keep on paper and compare later with verify --anchor."""
    with db.engine.connect() as connection:
        position, digest = chain.head(connection)
    click.echo(f"{position}:{digest}")


@commands.command()
def seal() -> None:
    """Give entries that wait for it their place in the chain. Happens by itself after every change."""
    chain.seal_what_is_visible()
    click.echo("已封链。Sealed.")


def _line(problem: proof.Problem) -> str:
    where = (
        f"{problem.position}" if problem.position == problem.until else f"{problem.position}-{problem.until}"
    )
    if not problem.position:
        where = "—"
    entry = f" (id {problem.entry_id})" if problem.entry_id else ""
    return f"{where}{entry}: {TELLS[problem.fault]}"


TELLS = {
    proof.Fault.FORGED: "内容被改，或不是系统所写。Changed, or not written by the portal.",
    proof.Fault.MOVED: "位置不对：被移动、调换或插入。Not in its place: moved, exchanged or inserted.",
    proof.Fault.REMOVED: "被删除。Removed.",
    proof.Fault.COPIED: "是另一条的复制。A copy of another entry.",
    proof.Fault.CUT_OFF: "末尾被截去。Removed from the end.",
    proof.Fault.REPLACED: "与已记下的末位不符，整条链被换过。Not the head that was noted: the trail was replaced.",
}
