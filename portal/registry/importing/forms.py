"""The forms of an import: the file, and what its columns mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from portal.registry import needs
from portal.registry.grids import Choices
from portal.registry.importing.models import RegistryImport
from portal.registry.importing.preparing import ADDRESS_FIELDS
from portal.registry.importing.synonyms import (
    FIELD_LABELS,
    NEED,
    NEEDS,
    NOT_NEEDED,
    field_label,
    is_imported,
    need_field,
)
from portal.web.fields import Choice, Upload
from portal.web.forms import Form


class FileForm(Form):
    """A sheet of households and people."""

    file = Upload(_l("File"), thing=_l("a file"), accept=".xlsx,.csv")

    def refuse(self, sentence: Any) -> None:
        """Why this file isn't taken."""
        self.file.errors = [str(sentence)]


class _ColumnsForm(Form):
    """The sheet, and the grid of rows that name none; one choice a column is added by ``columns_form``."""

    sheet = Choice(_l("Sheet"), thing=_l("the sheet"))
    grid_to = Choice(_l("Grid of rows that name none"), coerce=int, optional=True)
    columns: list[dict[str, Any]]

    def validate(self, **kwargs: Any) -> bool:
        """A name, an address, and no two columns for one field."""
        right = bool(super().validate(**kwargs))
        if "sheet" in self and self.sheet.data != self.sheet.default:
            return right
        chosen = [field for field in self.mapping.values() if field]
        for column in self.columns:
            field = self.mapping[column["index"]]
            if field and Counter(chosen)[field] > 1:
                said = _("Two columns mean “%(field)s”. Choose one of them.", field=field_label(field))
                self[f"c{column['index']}"].errors = [said]
                right = False
        if not {"name", "head.name"} & set(chosen):
            self.form_errors.append(_("Choose the column with the names."))
            right = False
        if not set(ADDRESS_FIELDS) & set(chosen):
            self.form_errors.append(_("Choose the columns with the address."))
            right = False
        if "grid_to" in self and not self.grid_to.data and not {"grid", "group"} & set(chosen):
            self.grid_to.errors = [_("Choose the grid, or the column that names it.")]
            right = False
        return right

    @property
    def mapping(self) -> dict[int, str]:
        """{index of the column: field, "" for not needed}."""
        return {column["index"]: self[f"c{column['index']}"].data or "" for column in self.columns}

    @property
    def unsure(self) -> list[Field]:
        """The columns that a person has to look at."""
        return [self[f"c{column['index']}"] for column in self.columns if not column["is_sure"]]

    @property
    def sure(self) -> list[Field]:
        """Those that were recognised."""
        return [self[f"c{column['index']}"] for column in self.columns if column["is_sure"]]


def columns_form(import_: RegistryImport, grids: Choices) -> Any:
    """The form for the columns of this file."""
    offered = _offered()
    fields: dict[str, Any] = {f"c{column['index']}": _field(column, offered) for column in import_.columns}
    form_class = type("ColumnsForm", (_ColumnsForm,), fields | {"columns": import_.columns})
    known: dict[str, Any] = {f"c{column['index']}": _known(import_, column) for column in import_.columns}
    form = form_class(data=known | {"sheet": import_.sheet, "grid_to": import_.grid_to})
    if len(import_.sheets) > 1:
        form.sheet.choices = [(name, name) for name in import_.sheets]
        form.sheet.default = import_.sheet
    else:
        del form.sheet
    if len(grids.grids) > 1:
        form.grid_to.choices = [("", _l("Every row names its own")), *grids.grids]
    else:
        del form.grid_to
    return form


def _offered() -> list[str]:
    """What a column may be; who needs looking after only while an order asks for it."""
    asked = needs.asked_here()
    wanted = {need_field(need) for need in asked} | ({NEEDS} if asked else set())
    return [field for field in FIELD_LABELS if not field.startswith((NEED, NEEDS)) or field in wanted]


def _field(column: Mapping[str, Any], offered: Sequence[str]) -> Choice:
    fields = dict.fromkeys([*offered, *column["could_be"], column["field"]])
    pairs = [(field, field_label(field)) for field in fields if is_imported(field)]
    examples = _("for example: %(cells)s", cells="、".join(column["examples"])) if column["examples"] else ""
    label = _("%(letter)s: %(heading)s", letter=column["letter"], heading=column["label"])
    return Choice(label, choices=[("", NOT_NEEDED), *pairs], optional=True, hint=examples)


def _known(import_: RegistryImport, column: Mapping[str, Any]) -> str:
    if import_.is_mapped:
        return import_.mapping.get(str(column["index"]), "")
    field = column["field"] or next(iter(column["could_be"]), "")
    return field if is_imported(field) else ""
