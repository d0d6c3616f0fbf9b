"""What Estran refuses, and why: one class a kind of refusal, one stable code each.

A bug flies to the border. A refusal is one of these. A fault in somebody's data is
neither: it is a :class:`Fault`, a value counted in a report.

No message here may carry a coordinate, a name, an address or a token: ``params`` are
shown to the person and written to logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - "refusal" is the house's word for it
    """Refuse something a person asked, with words that tell the cure.

    Parameters
    ----------
    **params : str or int or float
        What the sentence of :mod:`estran.wording` needs to be filled in.

    Examples
    --------
    >>> try:
    ...     raise FileEmpty(file="trip.gpx")
    ... except Refusal as refusal:
    ...     (refusal.code, refusal.status, refusal.params)
    ('file-empty', 422, {'file': 'trip.gpx'})
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, **params: str | float) -> None:
        super().__init__(self.code)
        self.params = params


class NotFound(Refusal):
    """Nothing there, or nothing that this person may see."""

    code = "not-found"
    status = 404


class FileUnknown(Refusal):
    """The file is of no kind that Estran reads."""

    code = "file-unknown"


class FileEmpty(Refusal):
    """The file holds no byte, or blanks only."""

    code = "file-empty"


class FileUnreadable(Refusal):
    """The file cannot be opened, or breaks before its first datum."""

    code = "file-unreadable"


class FileHostile(Refusal):
    """The file is made so as to exhaust or mislead its reader."""

    code = "file-hostile"


class FileTooLarge(Refusal):
    """The file, or what it unpacks to, is over the limit."""

    code = "file-too-large"
    status = 413


class FileWithoutPositions(Refusal):
    """The file is well formed and holds no dated position."""

    code = "file-without-positions"


class FileOther(Refusal):
    """The file is known, and is not the one that holds positions.

    ``kind`` is a key of :data:`estran.wording.OTHER_FILES`, which tells what the file
    is and which one to bring.
    """

    code = "file-other"


class LabelsUnreadable(Refusal):
    """The file is neither a journal nor a table of labelled legs."""

    code = "labels-unreadable"


class LabelsMissing(Refusal):
    """The file is well formed and holds no leg that can be read."""

    code = "labels-missing"


class LabelsApart(Refusal):
    """Truth and prediction have no time in common."""

    code = "labels-apart"


class FactorSetUnknown(Refusal):
    """No factor set has this name."""

    code = "factor-set-unknown"


class ModeUnknown(Refusal):
    """No mode has this key."""

    code = "mode-unknown"


class ValueOutOfRange(Refusal):
    """A number or a choice is outside what is meaningful."""

    code = "value-out-of-range"


class TimeErased(NotFound):
    """The person erased this time: nothing is said of it any more."""

    code = "time-erased"


class CorrectionEmpty(ValueOutOfRange):
    """What a correction needs is not there."""

    code = "correction-empty"


class CorrectionsMany(ValueOutOfRange):
    """More is said by one press than is taken at once."""

    code = "corrections-many"


class CorrectionBackwards(ValueOutOfRange):
    """A trip or a leg would end before it begins, or begin before the one before it ends."""

    code = "correction-backwards"


class CorrectionOutside(ValueOutOfRange):
    """A trip is to be split at an instant outside it."""

    code = "correction-outside"


class CorrectionLong(ValueOutOfRange):
    """A trip would last longer than any does."""

    code = "correction-long"


class CorrectionFuture(ValueOutOfRange):
    """A trip would lie in time to come, or before there was any record."""

    code = "correction-future"


class CorrectionTaken(ValueOutOfRange):
    """A trip is to be added where another is already."""

    code = "correction-taken"


class CorrectionDistance(ValueOutOfRange):
    """A distance that no way has."""

    code = "correction-distance"


class CorrectionOccupants(ValueOutOfRange):
    """More people than a vehicle carries, or fewer than one."""

    code = "correction-occupants"


class CorrectionPlace(ValueOutOfRange):
    """A place that is not on the globe."""

    code = "correction-place"


class ZoneUnknown(Refusal):
    """No time zone has this name."""

    code = "zone-unknown"


class VaultLocked(Refusal):
    """The vault is closed: nobody is here who can open it."""

    code = "vault-locked"
    status = 403


class VaultKeyWrong(Refusal):
    """The password or the code does not open this vault."""

    code = "vault-key-wrong"
    status = 403


class RecoveryCodeMistyped(VaultKeyWrong):
    """The recovery code fails its own check: a letter is wrong, missing or in excess."""

    code = "recovery-code-mistyped"
    status = 422


class VaultConflict(Refusal):
    """The document was changed by somebody else, in another window, since it was read."""

    code = "vault-conflict"
    status = 409


class VaultBusy(Refusal):
    """Somebody else is writing in the vault for longer than one waits."""

    code = "vault-busy"
    status = 503


class VaultDamaged(Refusal):
    """A sealed record is truncated, stale, altered or in the wrong place."""

    code = "vault-damaged"
    status = 500


class VaultMissing(Refusal):
    """The database tells of a vault whose file is not here: backups of other days were mixed."""

    code = "vault-missing"
    status = 503


class VaultOfOtherTime(Refusal):
    """The vault's file has another key than the database tells: a copy from before a change."""

    code = "vault-of-other-time"
    status = 503


class VaultFull(Refusal):
    """The disk took no more: nothing was stored, and the sender keeps its data."""

    code = "vault-full"
    status = 507


class ConsentUnfit(Refusal):
    """A consent names nothing, ends before it begins, or is not of the closed vocabulary."""

    code = "consent-unfit"


class ReceiptUnfit(Refusal):
    """A file is no receipt of a consent, or was changed since it was made."""

    code = "receipt-unfit"


class CollectionPaused(Refusal):
    """The person has paused: nothing new is taken in."""

    code = "collection-paused"
    status = 409


class ImportUnderWay(Refusal):
    """Something is being read or taken back: what would be erased may still be coming."""

    code = "import-under-way"
    status = 409


class ArchiveDamaged(Refusal):
    """An archive of Estran was cut short, altered, or says what no archive says."""

    code = "archive-damaged"


class ArchiveNewer(Refusal):
    """An archive of Estran was made by a later version than this one reads."""

    code = "archive-newer"


class ArchiveUnknown(Refusal):
    """The file is no archive of Estran."""

    code = "archive-unknown"


class ArchiveLocked(Refusal):
    """The archive opens with a passphrase, and none was given or another."""

    code = "archive-locked"


class BackupDamaged(Refusal):
    """The file is no backup of a site, or was cut short or altered."""

    code = "backup-damaged"


class BackupImpossible(Refusal):
    """There is no database to copy yet, or it is on a server that has tools of its own."""

    code = "backup-impossible"


class SiteRuns(Refusal):
    """The site runs on this data folder."""

    code = "site-runs"


class PeerAddressWrong(Refusal):
    """The address is not one at which another site of Estran receives."""

    code = "peer-address-wrong"


class PeerForbidden(Refusal):
    """The address leads into a private network, which the operator did not allow."""

    code = "peer-forbidden"


class PeerSilent(Refusal):
    """The other site does not answer, or broke off."""

    code = "peer-silent"
    status = 503


class PeerRefused(Refusal):
    """The other site does not take it: the address was used, ran out, or is another's."""

    code = "peer-refused"


class NetworkUnknown(Refusal):
    """The file or folder is neither a GTFS feed nor an OpenStreetMap extract."""

    code = "network-unknown"


class NetworkDamaged(Refusal):
    """The network's file was cut short or is broken."""

    code = "network-damaged"


class NetworkTableBroken(Refusal):
    """A table of the network is no text in UTF-8 with commas."""

    code = "network-table-broken"


class NetworkColumnMissing(Refusal):
    """A table of the network lacks a column without which it means nothing."""

    code = "network-column-missing"


class NetworkEmpty(Refusal):
    """The network is well formed and holds no line."""

    code = "network-empty"


class NetworkNameUnknown(Refusal):
    """No loaded network has this name."""

    code = "network-name-unknown"


class StationsUnknown(Refusal):
    """The file holds no names of stations with their places."""

    code = "stations-unknown"


class StationsNameUnknown(Refusal):
    """No loaded list of stations has this name."""

    code = "stations-name-unknown"


class TableUnreadable(Refusal):
    """The file is no table: neither CSV nor XLSX nor ODS, or a damaged one."""

    code = "table-unreadable"


class TableTooLong(Refusal):
    """The table has more rows than are taken at once."""

    code = "table-too-long"
    status = 413


class MessageUnreadable(Refusal):
    """The file is neither a mail, nor a calendar, nor text."""

    code = "message-unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a person's data, counted and never raised.

    Parameters
    ----------
    code : str
        A stable key of :data:`estran.wording.FAULTS`.
    count : int
        How often it was met.
    where : str
        Where it was first met, for a person to find it: ``"line 12"``, ``"record 3"``.
        Never a coordinate.
    """

    code: str
    count: int
    where: str
