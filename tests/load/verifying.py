"""A gate's phone: from the text of a code to the verdict, in Chromium as it is and six times slowed.

The keys are known and the facts are at hand; the camera and the bundle are measured elsewhere. The first code of a page
is told apart, because it also imports its key and warms up what runs.
"""

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.browser.workbench import workbench
from tests.load.options import Options
from tests.load.table import table
from tests.load.worlds import Worlds
from tests.vectors.published import CODES, GATE, NOW, printed_codes

CODES_READ = 400
Site = tuple[str, Callable[[str], str]]  # its address, and the URL of a file by its name
SLOWED = {"as it is": 1, "six times slowed": 6}
HEADING = "Code read and decided in the browser, ms"
VERDICTS = """async ([codeUrl, rulesUrl, texts, given]) => {
  const { read } = await import(codeUrl), { decide } = await import(rulesUrl);
  const { keys, facts, at } = JSON.parse(given);
  const taken = [];
  for (let i = 0; i < texts.length; i++) {
    const begun = performance.now();
    await read(texts[i], keys, at);
    decide(facts[i % facts.length]);
    taken.push(performance.now() - begun);
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return taken;
}"""


def run(_worlds: Worlds, options: Options) -> str:
    """A row for each speed: the first verdict of a page, then median and slowest twentieth of the others."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with sync_playwright() as playwright, TemporaryDirectory() as folder, workbench(Path(folder)) as site:
        program = _program(playwright.chromium)
        if program is None:
            return f"{HEADING}: no Chromium on this machine\n"
        with playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]) as browser:
            pages: dict[str, list[list[float]]] = {name: [] for name in SLOWED}
            for _round in range(options.rounds):
                for name, times in SLOWED.items():
                    pages[name].append(_taken(browser, site, times, 10 if options.toy else CODES_READ))
    return table(
        HEADING, ("", "first", "median", "95 %"), [(name, *_row(taken)) for name, taken in pages.items()]
    )


def _program(chromium: BrowserType) -> str | None:
    """The system's Chromium, or the one that Playwright has fetched."""
    fetched = chromium.executable_path
    return shutil.which("chromium") or (fetched if Path(fetched).exists() else None)


def _row(pages: list[list[float]]) -> tuple[float, float, float]:
    others = [one for taken in pages for one in taken[1:]]
    return median(taken[0] for taken in pages), median(others), quantiles(others, n=20)[-1]


def _taken(browser: Browser, site: Site, times: int, count: int) -> list[float]:
    """How long each of so many verdicts took, in a page of its own."""
    address, url = site
    page = browser.new_page()
    page.goto(address)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})
    codes = printed_codes()
    facts = [case["facts"] for case in GATE if case["facts"]["held"]][-count:]
    given = json.dumps({"keys": CODES["keys"], "facts": facts, "at": NOW})
    texts = [codes[i % len(codes)] for i in range(count)]
    modules = [url(f"js/gate/{name}.js") for name in ("code", "rules")]
    taken: list[float] = page.evaluate(VERDICTS, [*modules, texts, given])
    page.close()
    return taken
