"""From a file to an understood day, corrected, kept, and nobody else's."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.steps import bring, sign_in, sign_out, sign_up


def test_person_brings_file_corrects_mode_and_finds_it_kept(visit, day_file):
    page = visit()
    email = sign_up(page)
    bring(page, day_file)
    page.get_by_role("link", name="To my journal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Friday 20 June 2025")
    leg = page.locator(".leg").first
    before = leg.locator(".leg-mode").inner_text()
    leg.locator("summary").first.click()
    chip = leg.locator(".mode-chips button[aria-pressed=false]").first
    said = chip.get_attribute("value")
    chip.click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("Noted:")
    expect(page.locator(".badge", has_text="You said so")).to_have_count(1)
    corrected = page.locator(f"li.mode-{said}", has=page.locator(".badge"))
    expect(corrected).to_have_count(1)
    expect(corrected.locator(".leg-mode")).not_to_have_text(before)

    page.reload()
    expect(corrected).to_have_count(1)

    # Signing out closes the vault; the same password opens it and finds the word kept.
    sign_out(page)
    sign_in(page, email)
    page.goto("/journal/2025-06-20/")
    expect(corrected).to_have_count(1)

    stranger = visit()
    sign_up(stranger)
    stranger.goto("/journal/2025-06-20/")
    expect(stranger.locator(".leg")).to_have_count(0)
    expect(stranger.get_by_role("heading", level=2)).to_have_text(
        "Your journal waits for its first day"
    )


def test_undo_gives_the_former_mode_back(visit, day_file):
    page = visit()
    sign_up(page)
    bring(page, day_file)
    page.goto("/journal/2025-06-20/")
    before = page.locator(".leg-mode").all_inner_texts()
    leg = page.locator(".leg").first
    leg.locator("summary").first.click()
    leg.locator(".mode-chips button[aria-pressed=false]").first.click()
    expect(page.locator(".badge", has_text="You said so")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".badge", has_text="You said so")).to_have_count(0)
    assert page.locator(".leg-mode").all_inner_texts() == before


def test_correction_works_without_javascript(visit, day_file):
    page = visit()
    sign_up(page)
    bring(page, day_file)
    state = page.context.storage_state()
    plain = visit(java_script_enabled=False, storage_state=state)
    plain.goto("/journal/2025-06-20/")
    expect(plain.locator("trip-map svg path").first).to_be_visible()
    leg = plain.locator(".leg").first
    leg.locator("summary").first.click()
    leg.locator(".mode-chips button[aria-pressed=false]").first.click()
    expect(plain.locator(".badge", has_text="You said so")).to_have_count(1)
    plain.get_by_role("button", name="Undo").click()
    expect(plain.locator(".badge", has_text="You said so")).to_have_count(0)


def test_dropping_on_the_page_sends_the_file(visit, day_file):
    page = visit()
    sign_up(page)
    page.goto("/import/")
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.json"));
            const target = document.querySelector("file-drop");
            target.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }""",
        day_file.read_text(),
    )
    expect(page.get_by_role("heading", name="What became of it")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("dropped.json")).to_be_visible()


def test_file_of_another_kind_is_refused_in_words(visit, tmp_path):
    page = visit()
    sign_up(page)
    path = tmp_path / "letter.txt"
    path.write_text("Dear friend, the sea was calm.\n" * 20)
    bring(page, path)
    expect(page.locator(".is-refused")).to_contain_text("letter.txt")
