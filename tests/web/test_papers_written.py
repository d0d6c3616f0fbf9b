"""Papers for the operator: they state this site's facts, in two languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import translation

from estran.vault.consent import Purpose
from estran.vault.keys import KdfSettings
from estran.vault.wordings import current
from estran.web.papers import all_papers
from estran.web.register.about import ABOUT
from estran.web.register.facts import OF_THE_OPERATOR, facts_of
from estran.web.register.write import PAPERS, write_papers

TODAY = dt.date(2026, 11, 25)
NAMED = replace(
    settings.ENVIRONMENT,
    controller="Agglomération de Port-Imaginaire",
    controller_address="1 quai de l’Estran",
    contact="donnees@port-imaginaire.example",
    dpo="dpo@port-imaginaire.example",
)


def test_every_table_with_papers_is_in_the_register():
    assert {model._meta.label for model in all_papers()} == set(ABOUT)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_papers_state_the_configuration(tmp_path, language):
    written, blanks = write_papers(tmp_path / "papers", NAMED, language=language, today=TODAY)
    texts = {path.name: path.read_text("utf-8") for path in written}
    assert set(texts) == {f"{name}.{language}.md" for name in PAPERS}
    assert blanks == ()
    register = texts[f"register.{language}.md"]
    assert "Agglomération de Port-Imaginaire" in register
    assert "dpo@port-imaginaire.example" in register
    assert f"Argon2id, {KdfSettings().memory_kib // 1024} M" in register
    for model in all_papers():
        assert f"`{model._meta.db_table}`" in register
    coach = current(Purpose.COACH, language)
    consents = texts[f"consents.{language}.md"]
    assert coach.sentence in consents
    assert all(paragraph in consents for paragraph in coach.paragraphs)
    assert coach.ref.digest in consents
    for text in texts.values():
        assert "{{" not in text
        assert "2026" in text


@pytest.mark.parametrize("https", [True, False])
def test_what_is_not_in_place_is_not_claimed(tmp_path, https):
    environment = replace(NAMED, https=https)
    write_papers(tmp_path, environment, language="en", today=TODAY)
    register = (tmp_path / "register.en.md").read_text("utf-8")
    assert ("HSTS" in register) is https
    assert ("To do: put the site behind HTTPS" in register) is not https


def test_blanks_are_named_rather_than_invented(tmp_path):
    bare = replace(NAMED, controller="", controller_address="", contact="", dpo="")
    _, blanks = write_papers(tmp_path, bare, language="fr", today=TODAY)
    assert blanks == tuple(OF_THE_OPERATOR)
    assert "[à remplir : ESTRAN_CONTROLLER]" in (tmp_path / "register.fr.md").read_text("utf-8")
    assert "Renseigner `ESTRAN_DPO`" in (tmp_path / "dpia.fr.md").read_text("utf-8")


def test_facts_speak_the_language_in_force():
    with translation.override("fr"):
        french = [str(table.about.what) for table in facts_of(NAMED, today=TODAY).tables]
    with translation.override("en"):
        english = [str(table.about.what) for table in facts_of(NAMED, today=TODAY).tables]
    assert all(a != b for a, b in zip(french, english, strict=True))
