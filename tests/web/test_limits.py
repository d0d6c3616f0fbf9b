"""What rate limits count, in a file of its own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from estran.web.config.limits import FILE


def test_what_is_kept_comes_back_until_it_runs_out(monkeypatch):
    cache.set("a", [1.5, 2.5], 60)
    assert cache.get("a") == [1.5, 2.5]
    assert cache.touch("a", 120)
    later_s = time.time() + 121
    monkeypatch.setattr("estran.web.config.limits.time.time", lambda: later_s)
    assert cache.get("a", "none") == "none"
    assert not cache.touch("a", 60)
    assert cache.add("a", 1, 60)


def test_of_many_who_add_at_once_one_wins():
    with ThreadPoolExecutor(8) as many:
        won = list(many.map(lambda n: cache.add("lock", n, 60), range(24)))
    assert won.count(True) == 1
    assert cache.delete("lock")
    assert not cache.delete("lock")


def test_no_address_of_the_network_is_in_the_file_and_what_ran_out_is_gone(data, monkeypatch):
    cache.set("allauth:rl:login:30/60/ip:203.0.113.77", ["planted"], 60)
    content = (data / FILE).read_bytes()
    assert b"203.0.113" not in content
    assert b"planted" in content
    later_s = time.time() + 61
    monkeypatch.setattr("estran.web.config.limits.time.time", lambda: later_s)
    cache.set("other", 1, 60)
    assert b"planted" not in (data / FILE).read_bytes()


@pytest.mark.parametrize("rubbish", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_broken_file_is_begun_anew(data, rubbish):
    cache.set("a", 1, 60)
    (data / FILE).write_bytes(rubbish)
    cache.set("b", 2, 60)
    assert cache.get("b") == 2
    assert cache.get("a") is None


@pytest.mark.django_db
def test_limits_hold(alice):
    del alice.client.cookies["estran_vault"]
    said = [alice.client.post("/unlock/", {"password": "wrong"}).status_code for _ in range(12)]
    assert said[:10] == [422] * 10
    assert said[-1] == 429
