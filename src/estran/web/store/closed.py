"""A vault whose key is not here: what is brought is sealed to its public key."""

from __future__ import annotations

import msgspec

from estran.errors import VaultBusy, VaultDamaged
from estran.vault.keys import seal_to
from estran.vault.seal import batch_key
from estran.vault.store import META_KEY, Container, Row, VaultStore, decode_meta


class ClosedVault:
    """Takes batches for a vault while its person is away; reads nothing.

    Parameters
    ----------
    store : VaultStore
        Where the vault is.
    vault_id : str
        Which.
    public_key : bytes
        The person's, from the account's row: never from the vault's own file.
    """

    def __init__(self, store: VaultStore, vault_id: str, public_key: bytes) -> None:
        self._store = store
        self._vault_id = vault_id
        self._public_key = public_key

    def append_inbox(self, batch_id: str, plain: bytes) -> bool:
        """Seal a batch and keep it; when this returns, it is on the disk.

        Parameters
        ----------
        batch_id : str
            The sender's name for the batch: the same again is not stored again.
        plain : bytes
            The batch.

        Returns
        -------
        bool
            False when the inbox has this batch already.

        Raises
        ------
        VaultFull
            Nothing was stored; the sender keeps its batch.
        VaultBusy
            The vault got another key since the public key was read: read it again.
        """
        key = batch_key(self._public_key, batch_id)
        sealed = seal_to(
            self._public_key, msgspec.msgpack.encode((self._vault_id, batch_id, plain))
        )
        with self._store.connect(self._vault_id) as container:
            container.begin(write=True)
            self._must_be_in_force(container)
            if container.rev("inbox", key) is not None:
                return False
            container.put("inbox", Row(key, b"", container.tick(), b"", sealed))
            container.commit()
        return True

    def _must_be_in_force(self, container: Container) -> None:
        """Refuse to seal to a key that opens nothing any more: nobody could read the batch.

        The key itself is never taken from here: a file may be changed.
        """
        row = container.get("meta", META_KEY)
        if row is None:
            raise VaultDamaged(part="meta")
        meta = decode_meta(row.body)
        if self._public_key not in {meta.public_key, meta.former_public_key}:
            raise VaultBusy
