"""The recovery code: 160 bits that a person can copy by hand, with a check on typing."""

from __future__ import annotations

import hashlib

from estran.errors import RecoveryCodeMistyped

SECRET_BYTES = 20
"""160 bits: beyond search without any stretching."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_READ = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_N_SECRET = 32
_N_CHECK = 4
_GROUP = 4


def _letters(number: int, n_letters: int) -> str:
    return "".join(_ALPHABET[(number >> 5 * i) & 31] for i in reversed(range(n_letters)))


def _check(secret: bytes) -> str:
    """Give 20 bits that a wrong letter or a swap changes, but once in a million."""
    digest = hashlib.sha256(b"estran recovery code 1\0" + secret).digest()
    return _letters(int.from_bytes(digest[:3], "big") >> 4, _N_CHECK)


def write_code(secret: bytes) -> str:
    """Write a secret as nine groups of four letters and digits.

    Parameters
    ----------
    secret : bytes, 20 of them
        The random secret.

    Raises
    ------
    ValueError
        The secret has another length.

    Examples
    --------
    >>> write_code(bytes(20))
    '0000-0000-0000-0000-0000-0000-0000-0000-VYE8'
    """
    if len(secret) != SECRET_BYTES:
        msg = f"a recovery secret has {SECRET_BYTES} bytes"
        raise ValueError(msg)
    text = _letters(int.from_bytes(secret, "big"), _N_SECRET) + _check(secret)
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def read_code(code: str) -> bytes:
    """Read a code typed by a person; case, hyphens and blanks do not matter.

    Letters that look like digits are read as them (O as 0, I and L as 1).

    Raises
    ------
    RecoveryCodeMistyped
        Too short, too long, an impossible letter, or the check does not fit.

    Examples
    --------
    >>> read_code(write_code(bytes(range(20))).lower().replace("-", " ")) == bytes(range(20))
    True
    """
    text = "".join(letter for letter in code.upper() if letter.isalnum())
    if len(text) != _N_SECRET + _N_CHECK or not all(letter in _READ for letter in text):
        raise RecoveryCodeMistyped
    number = 0
    for letter in text[:_N_SECRET]:
        number = number << 5 | _READ[letter]
    secret = number.to_bytes(SECRET_BYTES, "big")
    typed = "".join(_ALPHABET[_READ[letter]] for letter in text[_N_SECRET:])
    if typed != _check(secret):
        raise RecoveryCodeMistyped
    return secret
