"""What segmentation is told: thresholds, each with its reason (docs/algorithms/segment.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """Thresholds of segmentation. Reasons and sources: ``docs/algorithms/segment.md``."""

    still_m: float = 75.0
    """Radius of a still run, before its fixes' accuracy is added."""
    still_accuracy_most_m: float = 150.0
    """How much of a fix's accuracy may widen that radius."""
    still_s: float = 180.0
    """Shorter stillness is part of moving: a red light, a stop on the way."""
    still_start_s: float = 5.0
    """Beginnings this close are not tried one by one; a stay's border is found in its core."""
    still_away_s: float = 120.0
    """Fixes out of the radius for less than this do not end a still run."""
    still_away_fixes: int = 2
    """Nor do this many fixes, when fixes are rare."""
    still_away_most_s: float = 900.0
    """But never for longer than this."""
    steady_bin_s: float = 30.0
    """Fixes are averaged over this long to tell steady movement: jitter averages out."""
    steady_m: float = 60.0
    """How far two minutes of it lead at least: 0.5 m/s, a person who waits for a child."""
    steady_share: float = 0.7
    """How straight those two minutes are: a right angle has 0.71, noise indoors 0.3 to 0.6."""
    steady_s: float = 90.0
    """Shorter movement leaves a stay whole: across a shop, to the other end of a house."""
    arrival_m: float = 40.0
    """How far the last fixes before a silence may lie from the last of all: a house and its
    walls; a walk of half a minute leads as far."""
    stroll_m: float = 75.0
    """A short run whose fixes go on this far, and straight, is a slow walk: half its circle."""
    stroll_s: float = 600.0
    """A run that lasts longer is no walk: across the circle in it would be 0.25 m/s."""
    stroll_bin_s: float = 60.0
    """Fixes are averaged over this long to tell: noise indoors does not last."""
    stroll_share: float = 0.8
    """How straight a slow walk is at least over such steps; wandering noise has 0.3 to 0.6."""
    seen_s: float = 60.0
    """How long a lone position speaks of: people tell time to the minute."""
    core_m: float = 25.0
    """Coming and going is outside the core of a stay; consumer GPS wanders less outdoors."""
    core_most_m: float = 70.0
    """However scattered a stay, its core is no larger."""
    same_place_m: float = 150.0
    """Two still runs closer than this are one place; stays differ by twice GPS noise indoors."""
    same_coarse_m: float = 600.0
    """Up to this sum of accuracies two places are told apart; beyond, circles decide."""
    bridge_s: float = 86_400.0
    """A silence up to this long with the same place at both ends is a stay there."""
    gap_s: float = 600.0
    """A longer silence is a gap (e-mission, Google: 10 min)."""
    pull_m: float = 2500.0
    """A gap this short in distance was a late start or an early end (e-mission: 1.2-2.5 km)."""
    walk_mps: float = 1.3
    """Speed of a person on foot; slowest speed at which a missed start is walked back."""
    ride_most_mps: float = 25.0
    """Fastest speed at which a missed start is driven back."""
    fast_mps: float = 4.5
    """16 km/h: over it, somebody rides; few runners are as fast."""
    top_s: float = 120.0
    """Time over which a ride is told in traffic: stops of half a minute average out."""
    top_mps: float = 3.5
    """12.6 km/h as the crow flies over that long: nobody on foot, hardly a runner."""
    foot_most_mps: float = 2.2
    """8 km/h: over it, whoever sets off does not walk."""
    look_m: float = 1000.0
    """How far off the places are that tell whether a way leads on or back."""
    look_on_share: float = 0.7
    """A way leads on when its ends are this share of its longer half apart, or more."""
    look_stills: int = 8
    """How many stills to look through for them."""
    ride_near_s: float = 900.0
    """A ride this soon before or after a wait is the one waited for."""
    access_s: float = 60.0
    """Walk to a vehicle, before a ride whose beginning was not seen."""
    wake_s: float = 180.0
    """A silence this long in a stay is a tracker asleep."""
    wake_m: float = 60.0
    """Off by more than this on waking, it woke because somebody left."""
    wake_fixes: int = 30
    """How many fixes before the departure to look through for that silence."""
    fence_m: float = 150.0
    """How far off a tracker notices that somebody left its fence: it is drawn at 100 m (e-mission),
    and phones tell late: MobilityNet's fit runs begin 157 m off on Android, 233 m on iOS."""
    mark_near_s: float = 120.0
    """A mark this close to a fix speaks of it."""
    sensed_s: float = 300.0
    """How far activities may move a border."""
    sensed_apart_s: float = 150.0
    """Activities further apart are not one movement."""
    unseen_s: float = 1800.0
    """How far activities may pull back a beginning that no fix saw, nor what was before it."""
    unseen_apart_s: float = 900.0
    """There, sensed movement goes on this long until something else is sensed: iPhones tell
    changes only, and a walk to a station is 15 minutes without one."""
    loop_m: float = 200.0
    """How far a trip goes at least when it comes back to where it began."""
    loop_s: float = 180.0
    """How long it is away at least."""
    round_s: float = 300.0
    """Steady movement this long makes a round one that goes no further than a trip must."""
    coherence: float = 0.72
    """How straight movement is from one half minute to the next: noise has 0.5, walks 0.8."""
    trip_m: float = 150.0
    """A trip goes at least this far."""
    hop_s: float = 60.0
    """A change of circle that takes less time and goes no further than a loop is none."""
    weak_m: float = 400.0
    """A trip that goes less far and was hardly seen is a stray fix, not a trip."""
    weak_fixes: int = 3
    """Hardly seen: fewer fixes than this on the way, and at one of its ends."""
    wait_any_s: float = 300.0
    """Shorter stillness never cuts a trip (e-mission cuts at 5 min, which splits 49 %)."""
    wait_foot_foot_s: float = 600.0
    """Longest stillness between two walks that lead on, inside one trip."""
    wait_foot_back_s: float = 420.0
    """Longest stillness of a walk that turns back: five minutes somewhere are an errand, and
    two pass on foot within its circle."""
    wait_foot_fast_s: float = 1680.0
    """Longest wait before a ride: 25 min, and three minutes of walking about."""
    wait_fast_fast_s: float = 1680.0
    """Longest change of vehicle while going on."""
    wait_fast_back_s: float = 600.0
    """Longest stop between two rides that lead back."""
    wait_fast_foot_s: float = 600.0
    """Longest stillness after a ride and before a walk."""
    known_place_s: float = 3600.0
    """A place where somebody spent this long in all is somewhere to be, not to wait."""
    claim_apart_s: float = 300.0
    """A claim speaks where no fix is this close: fixes are better evidence."""
    claim_accuracy_m: float = 100.0
    """How well the ends of a claim are known."""
    claim_move_m: float = 200.0
    """A claimed move that goes less far is none."""
    claim_denied_m: float = 1000.0
    """Fixes further than this from a claimed visit deny it."""
    flight_m: float = 150_000.0
    """A gap longer than this at a plane's speed was a flight."""
    flight_mps: float = 60.0
    """Mean speed of a flight, ground time included."""
    flight_most_mps: float = 300.0
    """No airliner is faster over ground for long."""
    gap_short_s: float = 1800.0
    """Up to here a gap at walking speed is a trip; later it must be a ride."""
    gap_foot_mps: float = 0.8
    """Mean speed that a short gap needs: a slow walk, corners cut."""
    gap_ride_mps: float = 4.0
    """Mean speed that a longer gap needs to be a trip."""
    gap_long_s: float = 10_800.0
    """Beyond this a gap needs the speed of a train or a motorway."""
    gap_long_mps: float = 12.0
    """That speed."""
    silence_near_s: float = 600.0
    """What a tracker says this close to a silence speaks of it: the silence makes a gap."""
    silence_off_share: float = 0.5
    """Tracking switched off for this share of a silence is why it is one."""
    silence_stop_s: float = 60.0
    """A stop this soon after the end of a trip is the tracker's own duty (TraceMob)."""
    silence_flat_s: float = 3600.0
    """A battery at 5 % lasts about this long."""
    silence_heard_s: float = 3600.0
    """A phone that was heard this close on both sides tells activities all the time."""
