"""What the mode stage may be told, each threshold with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModeSettings:
    """Settings of :func:`estran.modes.legs`; docs/algorithms/modes.md gives the method.

    Parameters
    ----------
    step_s : float
        Length of a window: short enough for a parking walk, long enough that a fix a
        second and a fix every ten give the same speed. [s]
    longest_grid_steps : int
        A trip of more windows than this gets longer ones: bounds work on a trip of days.
    poor_accuracy_m : float
        A fix worse than this is passed over when better ones are near: cell positions
        jump by hundreds of metres between Wi-Fi ones. [m]
    kinematic_temper_factor : float
        How far a window counts as new evidence: neighbours share most of what they see.
    hint_temper_factor : float
        The same for the phone's activity guesses, which repeat themselves.
    hint_holds_s : float
        How long a guess stands when no newer one came: iOS tells changes only. [s]
    hint_fades_s : float
        Time after which a standing guess counts for 1/e of a new one. [s]
    shortest_wait_s : float
        A standstill shorter than this is no wait for a ride. Diaries call it walking. [s]
    shortest_told_wait_s : float
        A shorter wait beside a walk is told as part of it, after it was heard as evidence:
        people's diaries tell waits of a few minutes as walking. [s]
    shortest_stop_in_drive_s : float
        A shorter standstill between two parts of a drive or ride of one's own is part of it:
        a jam, a tank, a child dropped off. Nobody waits there for a connection. [s]
    longest_pause_in_walk_s : float
        A standstill of up to this between two walks is a pause of the walk. [s]
    longest_stop_at_rim_s : float
        A standstill of up to this where a trip begins or ends belongs to its first or last
        leg: trips are cut where a stay ends. [s]
    longest_stop_in_ride_s : float
        A standstill of up to this between two parts of one ride is a station or a jam. [s]
    least_evidence : float
        A leg of which less was heard is joined to its neighbour. [nat of log-odds]
    unseen_ride_m : float
        A standstill whose unseen parts cover more than this was a ride in them. [m]
    shortest_walk_s, shortest_bike_s, shortest_ride_s : float
        Shorter legs are noise, and join what is beside them. [s]
    thin_n_positions : int
        With fewer fixes in a leg, and nobody's word, the mode may be said to be unknown.
    unknown_below_share : float
        A thin leg whose best mode is less probable than this is said to be unknown.
    """

    step_s: float = 10.0
    longest_grid_steps: int = 6000
    poor_accuracy_m: float = 150.0
    kinematic_temper_factor: float = 0.35
    hint_temper_factor: float = 0.25
    hint_holds_s: float = 420.0
    hint_fades_s: float = 150.0
    shortest_wait_s: float = 120.0
    shortest_told_wait_s: float = 300.0
    shortest_stop_in_drive_s: float = 900.0
    longest_pause_in_walk_s: float = 600.0
    longest_stop_at_rim_s: float = 180.0
    longest_stop_in_ride_s: float = 240.0
    least_evidence: float = 1.0
    unseen_ride_m: float = 500.0
    shortest_walk_s: float = 20.0
    shortest_bike_s: float = 60.0
    shortest_ride_s: float = 60.0
    thin_n_positions: int = 3
    unknown_below_share: float = 0.6
