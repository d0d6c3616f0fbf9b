"""Goals and plans as sealed documents of a vault."""

from __future__ import annotations

from estran.coach.goals import Goal, Plan
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

GOAL = "goal"
PLAN = "plan"


def read_goals(vault: OpenVault) -> tuple[Goal, ...]:
    """Read all goals, the oldest first."""
    records = (vault.get_doc(GOAL, one) for one in vault.doc_ids(GOAL))
    found = [decode(record, Goal) for record in records if record is not None]
    return tuple(sorted(found, key=lambda one: (one.from_day, one.id)))


def read_plans(vault: OpenVault) -> tuple[Plan, ...]:
    """Read all plans, the oldest first."""
    records = (vault.get_doc(PLAN, one) for one in vault.doc_ids(PLAN))
    found = [decode(record, Plan) for record in records if record is not None]
    return tuple(sorted(found, key=lambda one: (one.from_day, one.id)))


def write(vault: OpenVault, one: Goal | Plan) -> None:
    """Keep a goal or a plan."""
    vault.put_doc(GOAL if isinstance(one, Goal) else PLAN, one.id, encode(one))


def remove(vault: OpenVault, one: Goal | Plan) -> None:
    """Forget a goal or a plan."""
    vault.delete_doc(GOAL if isinstance(one, Goal) else PLAN, one.id)
