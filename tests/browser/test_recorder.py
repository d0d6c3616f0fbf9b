"""The recorder: emulated moves, no network, lost replies; N points sent, N distinct kept."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.steps import sign_up
from tests.browser.test_accessible import violations

WAKE = """
globalThis.locks = 0;
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
  globalThis.locks += 1;
  const lock = new EventTarget();
  lock.release = async () => lock.dispatchEvent(new Event("release"));
  return lock;
} } });
"""
LAT, LON = 46.16, -1.15


class Walk:
    """Somebody who goes north, 20 m a step."""

    def __init__(self, page: Page) -> None:
        self.page, self.n = page, 0

    def steps(self, n: int) -> None:
        for _ in range(n):
            self.n += 1
            self.page.context.set_geolocation(
                {"latitude": LAT + self.n * 1.8e-4, "longitude": LON, "accuracy": 5}
            )
            self.page.wait_for_timeout(350)


def recorder(visit, **options) -> Page:
    page: Page = visit(
        permissions=["geolocation"],
        geolocation={"latitude": LAT, "longitude": LON, "accuracy": 5},
        **options,
    )
    page.add_init_script(WAKE)
    sign_up(page)
    page.goto("/record/")
    page.get_by_role("button", name="Connect this browser").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    return page


def told(page: Page) -> set[str]:
    """Ids that were ever queued here; the page notes them as they are kept."""
    return set(page.evaluate("JSON.parse(localStorage.getItem('told') ?? '[]')"))


NOTED = """
const note = () => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (this.name === "points") {
      const all = JSON.parse(localStorage.getItem("told") ?? "[]");
      localStorage.setItem("told", JSON.stringify([...all, value.id]));
    }
    return put.call(this, value, ...rest);
  };
};
note();
"""


def sent(page: Page) -> None:
    expect(page.locator("#unsent")).to_have_text("Everything is sent.", timeout=30_000)


def kept(page: Page, n: int) -> set[str]:
    """Instants of all positions in the vault, from the table that anybody may take along."""
    found: set[str] = set()
    for _ in range(8):
        page.goto("/journal/")  # an open vault takes in what came
        page.wait_for_timeout(2500)
        page.goto("/everywhere/")
        page.locator("select[name=form]").select_option("csv-positions")
        page.get_by_role("button", name="Make this file").click()
        link = page.locator("main a[href$='/file/']").first
        try:
            expect(link).to_be_visible(timeout=6000)
        except AssertionError:
            continue  # nothing is known of these days yet
        rows = page.request.get(link.get_attribute("href") or "").text().splitlines()
        found = {row.split(",")[0] for row in rows[1:]}
        if len(found) >= n:
            break
    return found


def test_every_point_arrives_once_whatever_is_lost(visit):
    page = recorder(visit)
    page.add_init_script(NOTED)
    page.reload()
    walk = Walk(page)
    lost: list[int] = []

    def lose(route):
        if len(lost) < 2:
            lost.append(route.fetch().status)  # the server has it; the page never hears so
            route.abort()
        else:
            route.continue_()

    page.context.route("**/ingest/points", lose)
    page.get_by_role("button", name="Start").click()
    assert page.evaluate("globalThis.locks") >= 1
    walk.steps(5)
    expect(page.locator("#distance")).not_to_have_text("0 m")
    page.wait_for_timeout(2500)
    assert lost == [200] * len(lost)
    assert lost
    page.context.set_offline(True)
    walk.steps(6)
    page.reload()  # the worker serves the page
    expect(page.locator("#state")).to_have_text("Recording")
    walk.steps(4)
    assert int(page.locator("#unsent").get_attribute("data-n") or 0) >= 8
    page.context.set_offline(False)
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#drawing")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    sent(page)
    ids = told(page)
    assert len(ids) >= 14
    page.context.unroute("**/ingest/points")
    assert len(kept(page, len(ids))) == len(ids)


def test_the_worker_alone_sends_what_a_closed_page_left(visit):
    page = recorder(visit)
    context = page.context
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("button", name="Start").click()
    context.set_offline(True)
    Walk(page).steps(5)
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#unsent")).to_contain_text("not sent yet")
    page.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto("/privacy/")
    session = context.new_cdp_session(other)
    seen: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda e: seen.extend(r["registrationId"] for r in e["registrations"]),
    )
    session.send("ServiceWorker.enable")
    other.wait_for_timeout(800)
    assert seen
    origin = other.evaluate("location.origin")
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": origin, "registrationId": seen[-1], "tag": "estran-points", "lastChance": False},
    )
    count = """() => new Promise((done) => {
      const asked = indexedDB.open("estran-recorder");
      asked.onsuccess = () => {
        const all = asked.result.transaction("points").objectStore("points").count();
        all.onsuccess = () => (asked.result.close(), done(all.result));
      };
    })"""
    for _ in range(40):
        if other.evaluate(count) == 0:
            break
        other.wait_for_timeout(250)
    assert other.evaluate(count) == 0
    assert len(kept(other, 5)) >= 5


def test_a_revoked_browser_keeps_its_points_and_says_so(visit):
    page = recorder(visit)
    page.context.route("**/ingest/points", lambda r: r.fulfill(status=401, body="{}"))
    page.get_by_role("button", name="Start").click()
    Walk(page).steps(3)
    expect(page.get_by_text("its access was taken back")).to_be_visible()
    expect(page.locator("#unsent")).to_contain_text("not sent yet")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the unsent points").click()
    assert "<trkpt" in download.value.path().read_text()
    page.context.unroute("**/ingest/points")
    page.get_by_role("button", name="Connect again").click()
    sent(page)


def test_another_person_sees_nothing_of_the_former(visit):
    page = recorder(visit)
    page.context.route("**/ingest/points", lambda r: r.abort())
    page.get_by_role("button", name="Start").click()
    Walk(page).steps(3)
    page.get_by_role("button", name="Finish").click()
    page.goto("/settings/")
    page.evaluate("document.querySelector('form[action*=\"logout\"]').requestSubmit()")
    expect(page).to_have_url(re.compile("/record/#leaving$"), timeout=15_000)
    page.get_by_role("button", name="Sign out and remove them").click()
    expect(page).not_to_have_url(re.compile("/record/"))
    sign_up(page)
    page.goto("/record/")
    expect(page.get_by_role("button", name="Connect this browser")).to_be_visible()
    expect(page.locator("#unsent")).to_be_empty()
    page.context.unroute("**/ingest/points")


def test_a_position_that_is_not_permitted_is_said(visit):
    page = recorder(visit)
    page.context.clear_permissions()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#trouble")).to_contain_text("not permitted")
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit):
    page = recorder(visit, viewport={"width": 360, "height": 740})
    found = violations(page)
    page.locator("#travel summary").click()
    page.get_by_role("button", name="Bicycle", exact=True).click()
    page.get_by_role("button", name="Start").click()
    Walk(page).steps(2)
    found += violations(page)
    page.get_by_role("button", name="Dark screen").click()
    found += violations(page)
    page.locator("#light").click()
    page.get_by_role("button", name="Finish").click()
    found += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not found, "\n".join(found)


def test_the_page_speaks_french_and_is_light(visit):
    page = visit()
    sizes: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    page.goto("/record/shell/fr/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enregistrer un trajet")
    assert json.loads(page.request.get("/record/app.webmanifest").text())["start_url"] == "/record/"
    assert sum(sizes) < 110_000
