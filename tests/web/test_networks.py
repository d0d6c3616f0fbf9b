"""What the operator loads: stored whole or not at all, used by the next analyses."""

from __future__ import annotations

import pytest
from django.conf import settings

from estran.cli import main
from estran.network import NO_NETWORK, LaidNetwork
from estran.web.config.environment import read_environment
from estran.web.jobs.models import Job
from estran.web.me.documents import read_calendar
from estran.web.running import networks
from estran.web.running.doctor import look
from estran.web.running.loaded import network_digest
from tests.unit.feeds.gtfs_tables import TABLES, folder_of, without, zip_of

from .conftest import track
from .test_imports import vault_of


def laid(data) -> LaidNetwork:
    found = networks.laid(data)
    assert found is not None
    return found


@pytest.fixture
def site(data, monkeypatch):
    monkeypatch.setenv("ESTRAN_DATA", str(data))
    monkeypatch.setenv("LC_ALL", "C")
    return data


def test_a_feed_is_loaded_listed_replaced_and_removed(site, tmp_path, capsys):
    feed = zip_of(TABLES, tmp_path / "Yélo.gtfs.zip")
    assert main(["load-territory", str(feed)]) == 0
    assert "Yélo: lines 1 bus, 1 tram; 5 stops" in capsys.readouterr().out
    before = network_digest(site)
    assert before == laid(site).digest
    tables = dict(TABLES)
    tables["routes.txt"] = "route_id,route_short_name,route_type\nr1,1A,3\n"
    zip_of(tables, feed)
    assert main(["load-territory", str(feed)]) == 0
    assert network_digest(site) not in {"", before}
    assert laid(site).line_name == ("1A",)
    capsys.readouterr()
    assert main(["load-territory", "--list"]) == 0
    assert capsys.readouterr().out.startswith("Yélo: lines 1 bus")
    assert main(["load-territory", "--remove", "Yélo"]) == 0
    assert networks.laid(site) is None
    assert not network_digest(site)
    assert main(["load-territory", "--list"]) == 0
    assert "No network is loaded." in capsys.readouterr().out


def test_networks_of_several_operators_unite(site, tmp_path):
    folders = [folder_of(TABLES, tmp_path / name) for name in ("one", "two")]
    assert main(["load-territory", *map(str, folders)]) == 0
    assert len(laid(site).line_name) == 4
    assert [one.name for one in networks.kept(site)] == ["one", "two"]


def test_a_refused_file_changes_nothing(site, tmp_path, capsys):
    good = folder_of(TABLES, tmp_path / "good")
    assert main(["load-territory", str(good)]) == 0
    before = {p.name: p.read_bytes() for p in (site / "networks").iterdir()}
    bad = tmp_path / "bad.zip"
    bad.write_bytes(zip_of(TABLES, tmp_path / "x.zip").read_bytes()[:300])
    other = folder_of(without("stops.txt"), tmp_path / "other")
    capsys.readouterr()
    assert main(["load-territory", str(other), str(bad)]) == 1
    assert "bad.zip is damaged" in capsys.readouterr().err
    assert {p.name: p.read_bytes() for p in (site / "networks").iterdir()} == before
    assert main(["load-territory", "--remove", "nothing"]) == 1
    assert "Loaded: good" in capsys.readouterr().err


@pytest.mark.parametrize("line", [[], ["--list", "x"], ["/nowhere"]])
def test_wrong_use_is_told(site, line):
    with pytest.raises(SystemExit) as left:
        main(["load-territory", *line])
    assert left.value.code == 2


def test_the_doctor_tells_what_is_loaded_and_what_is_damaged(site, tmp_path, db):
    networks.keep(site, "mine", NO_NETWORK)
    (site / "networks" / "broken.network").write_bytes(b"x")
    findings = {f.words: f.is_well for f in look(read_environment())}
    assert not findings["network broken: damaged, load it again"]
    assert [words for words in findings if words.startswith("network mine")]


def test_journals_are_made_anew_with_another_network(alice, workers, work_off, site, tmp_path):
    alice.bring(("a.json", track()))
    work_off()
    assert not read_calendar(vault_of(alice)).made_by.network_digest
    (site / "engine").write_text(_engine(alice))
    assert main(["load-territory", str(folder_of(TABLES, tmp_path / "f"))]) == 0
    alice.client.post("/account/logout/")
    alice.sign_in()
    [job] = Job.objects.exclude(state="done")
    assert job.kind == "reanalyse"
    assert work_off() == 1
    assert read_calendar(vault_of(alice)).made_by.network_digest == network_digest(site)
    alice.client.post("/account/logout/")
    alice.sign_in()
    assert work_off() == 0
    assert site == settings.ESTRAN_DATA


def _engine(person) -> str:
    made_by = read_calendar(vault_of(person)).made_by
    return f"{made_by.algorithm}|{made_by.settings_digest}"
