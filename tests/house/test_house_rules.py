"""The house rules. Each says what to write instead."""

import ast
import re

import pytest
from sqlalchemy import inspect

from portal.access.scope import AppliesBelow, Scoped
from portal.database import Base
from tests.house.sources import (
    PORTAL,
    ROOT,
    TEMPLATES,
    calls,
    functions,
    name_of,
    read,
    tree,
    words_outside_translation,
    workflow_names,
)

LONGEST_FILE = 300
LONGEST_VIEW = 15
EVERYWHERE = ROOT / "tests/access/everywhere.txt"

WITHOUT_A_PLACE = {
    "sign_in": "read before anyone is known; holds digests of tokens",
    "failed_sign_in": "keyed hashes only",
    "sent_once": "random tokens only",
    "counter": "numbers only",
    "installation": "one row about the whole installation",
    "kept": "encrypted forms of whoever was signed out meanwhile, for an hour",
    "recovery_code": "digests of one-use codes",
}

# call → (where it may stand, what to write instead)
BANNED_CALLS = {
    r"(.*\.)?datetime\.(now|utcnow|today)|.*date\.today": (
        "portal/clock.py",
        "portal.clock.now() or today()",
    ),
    r"(sa\.)?text": ("portal/access/", "a select() of mapped classes, which the scope can filter"),
    r".*\.from_statement": ("portal/access/", "a select() of mapped classes"),
    r".*\.(bulk_\w+|bulk_insert_mappings)": (
        "portal/access/",
        "portal.access.bulk.insert_many(), which fills and checks the place",
    ),
    r"(sa\.)?(insert|insert_into)|.*__table__\.insert": (
        ("portal/access/bulk.py", "portal/workflow/numbers.py"),
        "portal.access.bulk.insert_many(), which fills and checks the place",
    ),
    r"(.*\.)?subqueryload": ("portal/access/", "selectinload(), which the scope filters"),
    r".*session\.connection": (
        (
            "portal/access/",
            "portal/audit/",
            "portal/workflow/numbers.py",
            "portal/accounts/sessions.py",
        ),
        "a select() through the session, which the scope can filter",
    ),
    r".*engine\.(connect|begin)": (
        ("portal/database.py", "portal/cli.py", "portal/audit/"),
        "the session, which is scoped",
    ),
    r"sessionmaker|(.*\.)?literal_column|.*\.(suffix_with|prefix_with|with_hint)": (
        "portal/access/",
        "mapped classes and their attributes",
    ),
    r".*session\.commit": (
        (
            "portal/database.py",
            "portal/cli.py",
            "portal/jobs/daily.py",
            "portal/jobs/task.py",
            "portal/rehearsal/",
            "portal/units/cli.py",
        ),
        "nothing: a request is committed at its end, a step of a job at the end of the step",
    ),
    r".*\.offset": ("portal/access/", "a keyset page: where(changed_at, id) < the last one shown"),
    r".*populate_obj": ("portal/web/forms.py", "the fields by name"),
    r"print": ("portal/never", "click.echo in a command, structlog elsewhere"),
}


@pytest.mark.parametrize("pattern", BANNED_CALLS, ids=lambda pattern: re.sub(r"\W+", "_", pattern))
def test_what_the_house_does_not_call(pattern: str) -> None:
    where, instead = BANNED_CALLS[pattern]
    found = [
        f"{name_of(path)}:{call.lineno} {name}()"
        for path in PORTAL
        if not name_of(path).startswith(where)
        for name, call in calls(path)
        if re.fullmatch(pattern, name)
    ]
    assert not found, f"write {instead} instead of {found}"


def test_every_place_where_the_scope_is_lifted_is_known() -> None:
    """Each lifting is a decision: it stands in tests/access/everywhere.txt with its reason."""
    lifted = sorted(
        f"{name_of(path)}: {ast.literal_eval(keyword.value)}"
        for path in PORTAL
        for name, call in calls(path)
        if name.split(".")[-1] in ("everywhere", "look_everywhere")
        for keyword in call.keywords
        if keyword.arg == "because" and isinstance(keyword.value, ast.Constant)
    )
    known = read(EVERYWHERE).splitlines() if EVERYWHERE.exists() else []
    assert lifted == known, f"look whether this is right, then put it into {EVERYWHERE}:\n" + "\n".join(
        lifted
    )


def test_every_table_with_business_in_it_belongs_to_a_unit() -> None:
    without = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, Scoped | AppliesBelow)
    }
    assert without == set(WITHOUT_A_PLACE), "inherit Scoped or AppliesBelow, or say here why not"


def test_every_place_column_is_indexed() -> None:
    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, Scoped | AppliesBelow):
            continue
        table = inspect(mapper.class_).local_table
        leading = {next(iter(index.columns)).name for index in table.indexes}  # type: ignore[attr-defined]
        assert "unit_id" in leading or table.name == "unit", f"{table.name}: index unit_id"


def test_files_stay_short() -> None:
    long = {
        name_of(path): lines
        for path in [*PORTAL, *TEMPLATES]
        if (lines := len(read(path).splitlines())) > LONGEST_FILE
    }
    assert not long, f"split what has more than {LONGEST_FILE} lines: {long}"


def test_views_stay_small() -> None:
    long = {
        f"{name_of(path)}:{function.name}": length
        for path in PORTAL
        if path.name.startswith("views")
        for function in functions(path)
        if function.decorator_list and (length := (function.end_lineno or 0) - function.lineno) > LONGEST_VIEW
    }
    assert not long, (
        f"a view loads, calls a verb and answers; move the rest to service.py or forms.py: {long}"
    )


def test_templates_never_switch_escaping_off() -> None:
    found = [name_of(path) for path in TEMPLATES if re.search(r"\|\s*safe|autoescape false", read(path))]
    assert not found, f"no |safe: pass plain text, or Markup made by our own code: {found}"


def test_services_know_no_request_and_no_template() -> None:
    for path in PORTAL:
        if path.name == "service.py":
            imported = {
                alias.name
                for node in ast.walk(tree(path))
                if isinstance(node, ast.ImportFrom) and node.module == "flask"
                for alias in node.names
            }
            assert not imported & {"request", "render_template", "session", "redirect"}, name_of(path)


def test_htmx_headers_are_read_in_one_place() -> None:
    found = [name_of(p) for p in PORTAL if re.search(r"[\"']HX-", read(p)) and p.name != "htmx.py"]
    assert not found, f"ask portal.web.htmx instead: {found}"


def test_every_text_of_a_page_goes_through_translation() -> None:
    """Documents are Chinese by law or custom; everything else comes in both languages."""
    untranslated = {
        name_of(path): words
        for path in TEMPLATES
        if "/print/" not in str(path)
        and path.name != "print.html"
        and (words := words_outside_translation(read(path)))
    }
    assert not untranslated, untranslated


def test_what_is_shared_names_no_workflow() -> None:
    """A workflow costs two lines elsewhere: its name in AREAS and its block in the policy. It contributes the rest."""
    names = "|".join(workflow_names())
    naming = re.compile(rf"portal\.({names})\b|[\"']({names})\.")
    found = {
        f"{name_of(path)}: {match.group()}"
        for path in [*PORTAL, *TEMPLATES]
        if not set(path.relative_to(ROOT).parts) & {*workflow_names(), "stories"}
        for match in naming.finditer(read(path))
    }
    assert not found, f"let the area contribute it (portal/access/guard.py): {found}"
