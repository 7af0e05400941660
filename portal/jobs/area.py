"""The jobs area: everybody's own long work."""

from typing import cast

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.access.guard import Area
from portal.accounts import keeping, throttle
from portal.database import learn_sizes
from portal.jobs import actions, queue, todo
from portal.workflow import once

area = Area("jobs", __name__, menu=_l("My jobs"))
area.contributes["actions"] = actions.ACTIONS
area.contributes["todo"] = todo.todo
area.contributes["daily"] = (once.forget_old, keeping.forget_old, throttle.forget_old, learn_sizes)
area.record_once(lambda setup: queue.init_app(cast(Flask, setup.app)))
