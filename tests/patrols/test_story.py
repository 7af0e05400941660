"""One round from the plan to the printed sheet and to Today, across the roles."""

import io

from pypdf import PdfReader

from portal.orders.models import OrderState
from tests.factories import order_in_force
from tests.people import an, li, qian, wang, zhao


def test_a_round_from_the_order_to_the_sheet(app, visit, desk):
    draft = order_in_force(state=OrderState.DRAFT)
    measure = {"order_id": draft.id, "area_name": "patrols", "item": "community", "preset": "five"}
    form = visit("orders.measure", as_=li, **measure)
    form.send("Add the measure", grace_minutes="120")
    visit("orders.put_in_force", as_=li, order_id=draft.id).send("Put in force")
    assert visit("patrols.index", as_=wang).has("No rounds are planned on this day.")

    visit("patrols.new_route", as_=wang).send("Save", name="北线", points="北门\n小广场")
    assert visit("patrols.day_plan", as_=zhao).has("0 of 4 done"), (
        "the nine o'clock round was before the route"
    )
    assert not visit("today.index", as_=zhao).has("Patrol rounds")

    log = visit("patrols.new", as_=zhao, round="").send("Begin the log", where="3号院", start_time="09:10")
    assert visit("today.index", as_=zhao).has("Patrol logs to hand in")
    assert visit("patrols.index", as_=wang).has("Out")
    kept = log.send("Keep", further="3号院东侧", weather="clear")
    sent = kept.send("Hand in", end_time="09:50")
    assert sent.has("40 minutes")
    assert not visit("today.index", as_=zhao).has("Patrol logs to hand in")

    assert visit("patrols.index", as_=wang).has("today 09:10–09:50")
    seen = visit(sent.url, as_=wang)
    assert seen.has("3号院东侧")
    assert seen.has("Set out")
    assert seen.has("Handed in")
    visit(sent.url, as_=qian, status=404)
    pdf = desk.client(wang).post(f"{sent.url}/print", data={"csrf_token": desk.csrf_token(wang)})
    assert "社区巡逻记录表" in PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text().replace(" ", "")
    trail = visit("audit.index", as_=an)
    for action in (
        "Set out on patrol",
        "Handed in a patrol log",
        "Printed a patrol log",
        "Laid down a patrol route",
    ):
        assert trail.has(action)

    struck = visit("patrols.strike_out", as_=zhao, patrol_id=1).send(
        "Strike out", common="Written down twice"
    )
    assert struck.has("Struck out")
    assert struck.has("Written down twice")
