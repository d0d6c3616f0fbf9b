"""What each table of the control database says of people, and for how long.

A model with papers (:mod:`estran.web.papers`) and no entry here fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_words = str | Promise


@dataclass(frozen=True, slots=True)
class About:
    """What a register must say of one table, in the reader's language.

    Parameters
    ----------
    what : str
        The data, in words.
    why : str
        What they are needed for.
    kept : str
        When they go.
    """

    what: type_words
    why: type_words
    kept: type_words


_WITH_ACCOUNT = _("until the account is erased")

ABOUT: Mapping[str, About] = {
    "accounts.Person": About(
        _("e-mail address, password fingerprint, language, dates of sign-up and last sign-in"),
        _("to let the person in"),
        _WITH_ACCOUNT,
    ),
    "accounts.Vault": About(
        _("number of the vault, its public key, whether the recovery code was written down"),
        _("to seal what the person brings"),
        _WITH_ACCOUNT,
    ),
    "accounts.KeySlot": About(
        _("the vault’s key, wrapped under a secret that only its owner has"),
        _("to open the vault when its owner comes"),
        _("until the secret is replaced or the account is erased"),
    ),
    "accounts.SignIn": About(
        _("browser and system of a sign-in, when it began, when it was last seen"),
        _("to show where the person is signed in, and to end it there"),
        _("until sign-out, or the number of days stated below"),
    ),
    "mfa.Authenticator": About(
        _("name and public key of a passkey; sealed secret of an authenticator app"),
        _("to let the person in"),
        _("until the person removes it or the account is erased"),
    ),
    "socialaccount.SocialAccount": About(
        _("the number by which a territory’s own sign-in knows the person"),
        _("to let the person in"),
        _WITH_ACCOUNT,
    ),
    "socialaccount.SocialToken": About(
        _("nothing: no token of a territory’s own sign-in is kept"),
        _("to let the person in"),
        _WITH_ACCOUNT,
    ),
    "account.EmailAddress": About(
        _("e-mail address and whether it was proved"), _("to let the person in"), _WITH_ACCOUNT
    ),
    "account.EmailConfirmation": About(
        _("when a proof of the address was asked for"),
        _("to prove the address"),
        _("until the address is proved, or until the account is erased"),
    ),
    "sessions.Session": About(
        _("number of a sign-in, the vault’s key sealed under a secret of the browser’s cookie"),
        _("to stay signed in between two pages"),
        _("until sign-out, or the number of days stated below"),
    ),
    "jobs.Job": About(
        _("kind, state and times of background work"),
        _("to read files and analyse them while the person does something else"),
        _("until some days after its end"),
    ),
    "me.Import": About(
        _("number and size of files, counts of positions, dates; neither name nor content"),
        _("to show the import’s progress and undo it"),
        _("until the import is taken back or the account is erased"),
    ),
    "me.SealedUpload": About(
        _("size of a file that is being read; its content is sealed"),
        _("to read the file"),
        _("until the file is read"),
    ),
    "emission.ReadingSlot": About(
        _("the vault’s key, wrapped under a key made of an app’s token, which is not kept"),
        _("to let an app of the person’s phone read, where they asked for it"),
        _("until the permission is taken back or ends, a year at most"),
    ),
    "me.ServiceSlot": About(
        _("the vault’s key, wrapped under a key of this server that is kept outside the database"),
        _("to let the coach work while its owner is away, where they asked for it"),
        _("until the permission is taken back or ends, a year at most"),
    ),
    "live.Device": About(
        _("app and token fingerprint of a phone or tracker, when it was last heard; no place"),
        _("to take in what the phone sends, sealed to its person"),
        _("until the device is removed or the account is erased"),
    ),
    "live.Waiting": About(
        _("that something came from a phone and is not in the journal yet, since when"),
        _("to take it in at the next opening of the vault"),
        _("until it is taken in or the account is erased"),
    ),
    "retention.Pause": About(
        _("that a person has paused, since when and until when"),
        _("to take in nothing new meanwhile, also while the vault is locked"),
        _("until the person goes on or the account is erased"),
    ),
    "retention.Timed": About(
        _("that a person has rules of how long things are kept, not which; the last look"),
        _("to let the coach apply them where the person lets it in"),
        _("until there are no such rules or the account is erased"),
    ),
    "retention.Dormancy": About(
        _("how many warnings were mailed to a person who stays away, and when"),
        _("to erase no account before its person was warned in time"),
        _("until the next sign-in or until the account is erased"),
    ),
    "portability.Passage": About(
        _("kind, state and size of a copy that was taken along or brought back; it is sealed"),
        _("to write it, fetch it, take it in"),
        _("until some days after it was made or taken in; its file then too"),
    ),
    "portability.Invitation": About(
        _("the fingerprint of an address at which an archive may come for a person, once"),
        _("to receive what the person sends from another site"),
        _("until it was used or has run out, a day at most"),
    ),
    "groups.Member": About(
        _("that a person is in a group, since when, and what they show there, sealed for it"),
        _("to let a group see what each of its members chose to show"),
        _("until the person leaves the group or the account is erased"),
    ),
    "groups.Invitation": About(
        _("fingerprint of an invitation to a group, and the group’s key, sealed under it"),
        _("to let one person in who was given the link"),
        _("until it is used, or a new one is made after its week, or the account is erased"),
    ),
    "tickets.Reminder": About(
        _("that a person wants to be reminded by mail on a day, not of what"),
        _("to remind them of a letter in which they asked for their data"),
        _("until the letter is answered or deleted, or until the account is erased"),
    ),
    "recaps.Wish": About(
        _(
            "that a person wants a recap by mail, how often, whether with sums, and of when the "
            "last was"
        ),
        _("to send it, once a week or a month"),
        _("until the person ends it or until the account is erased"),
    ),
    "me.LogHead": About(
        _("the last line of the vault’s access log, sealed"),
        _("to notice that lines of the log were taken away"),
        _WITH_ACCOUNT,
    ),
    "me.KeyChange": About(
        _("that a vault is getting another key, and what will open it"),
        _("to seal a vault under a new key when its owner asks"),
        _WITH_ACCOUNT,
    ),
}
