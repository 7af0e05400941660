"""The jobs area: everybody's own long work."""

from typing import cast

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.jobs import actions, queue, todo

area = Area("jobs", __name__, menu=_l("My jobs"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.record_once(lambda setup: queue.init_app(cast(Flask, setup.app)))
