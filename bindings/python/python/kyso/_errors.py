"""What can go wrong: :class:`KysoError` and the classes below it.

The classes, their codes and their exit statuses are one table with those of the other doors; a
test walks it. Verifying does not raise over what a file holds: its answer is a report.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "AppearanceError",
    "FetchError",
    "InputError",
    "InternalError",
    "KysoError",
    "LimitError",
    "LockedError",
    "MalformedError",
    "MismatchError",
    "OutputError",
    "RefusedError",
    "SignerError",
    "SigningKeyError",
    "UnsupportedError",
    "UsageError",
]


class KysoError(Exception):
    """The work could not be done.

    Parameters
    ----------
    message : str
        One sentence for a person, in English.

    Attributes
    ----------
    kind : str
        What kind of failure it is, such as ``"key_password"``.
    code : str
        The stable text code, such as ``"key.password"``; the one in JSON.
    place : str or None
        Where in the input, or which argument, where that is known.
    exit_status : int
        The status that the command line ends with for this error (``sysexits.h``).

    Examples
    --------
    >>> import kyso
    >>> try:
    ...     kyso.LocalKey.from_p12(b"not a PKCS#12", "secret")
    ... except kyso.KysoError as error:
    ...     print(type(error).__name__, error.code)
    MalformedError input.malformed
    """

    kind: str = "internal"
    code: str = "internal"
    place: str | None = None
    exit_status: int = 70
    _vietnamese: str | None = None

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self._english = message

    def message(self, lang: str = "en") -> str:
        """Say what happened, where, and what to do next.

        Parameters
        ----------
        lang : {"en", "vi"}
            The language of the sentence.

        Returns
        -------
        str
            One sentence. The Vietnamese one is the English one where only that is known.

        Raises
        ------
        UsageError
            For any other language.
        """
        if lang == "en":
            return self._english
        if lang == "vi":
            return self._vietnamese or self._english
        raise _usage("a language is vi or en", "lang")

    def __str__(self) -> str:
        return self._english

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self._english, dict(self.__dict__))


class MalformedError(KysoError):
    """The input is not what it claims to be."""

    kind = "malformed"
    code = "input.malformed"
    exit_status = 65


class LimitError(KysoError):
    """A safety limit was reached."""

    kind = "too_large"
    code = "input.too_large"
    exit_status = 65


class UnsupportedError(KysoError):
    """An algorithm, an encryption or a feature that is not offered."""

    kind = "unsupported"
    code = "input.unsupported"
    exit_status = 65


class LockedError(KysoError):
    """An encrypted input that no known password opens."""

    kind = "locked"
    code = "input.locked"
    exit_status = 65


class AppearanceError(KysoError):
    """What the signature is to show cannot be drawn: a letter without a glyph, a picture that cannot
    be read, a place that is not there or does not suffice."""

    kind = "appearance"
    code = "appearance"
    exit_status = 65


class SigningKeyError(KysoError):
    """The key was refused: its password or PIN (``key.password``), its certificate
    (``key.mismatch``), or its kind and size (``key.unusable``)."""

    kind = "key_password"
    code = "key.password"
    exit_status = 77


class SignerError(KysoError):
    """The signing device or service failed (``signer.failed``) or refused (``signer.refused``).

    An exception that a signer written in Python raises is the ``__cause__`` of this one.
    """

    kind = "signer_failed"
    code = "signer.failed"
    exit_status = 69


class FetchError(KysoError):
    """A service asked over the network failed while signing or extending."""

    kind = "fetch"
    code = "fetch.failed"
    exit_status = 69


class MismatchError(KysoError):
    """The second step got another file, or a signature value that does not verify."""

    kind = "mismatch"
    code = "complete.mismatch"
    exit_status = 65


class RefusedError(KysoError):
    """The result would not be what was asked for, or a signature that is there already would be
    worth less; nothing was made."""

    kind = "refused"
    code = "result.refused"
    exit_status = 65


class UsageError(KysoError):
    """Contradictory or incomplete settings, found when they are built."""

    kind = "misuse"
    code = "misuse"
    exit_status = 64


class InputError(KysoError, OSError):
    """An input could not be read; ``errno``, ``strerror`` and ``filename`` say more."""

    kind = "input_unreadable"
    code = "io.input"
    exit_status = 66


class OutputError(KysoError, OSError):
    """An output could not be written; ``errno``, ``strerror`` and ``filename`` say more."""

    kind = "output_unwritable"
    code = "io.output"
    exit_status = 74


class InternalError(KysoError):
    """A defect of this library. Please report it."""

    kind = "internal"
    code = "internal"
    exit_status = 70


def _raised(
    name: str,
    kind: str,
    code: str,
    exit_status: int,
    english: str,
    vietnamese: str,
    place: str | None,
    errno: int | None,
    strerror: str | None,
    filename: str | None,
) -> KysoError:
    """Make what the private module raises."""
    error: KysoError = globals()[name](english)
    error.kind = kind
    error.code = code
    error.exit_status = exit_status
    error.place = place
    error._vietnamese = vietnamese
    if isinstance(error, OSError):
        error.errno, error.strerror, error.filename = errno, strerror, filename
    return error


def _usage(detail: str, place: str) -> UsageError:
    """Make the error of an argument that was found wrong before anything was called."""
    error = UsageError(f"Wrong usage: {detail} ({place}). Mend the settings that are named.")
    error._vietnamese = f"Cách gọi không đúng: {detail} ({place}). Hãy sửa các thiết lập được nêu."
    error.place = place
    return error


def _restored(kind: type[KysoError], english: str, state: dict[str, Any]) -> KysoError:
    """Take an error out of a pickle."""
    error = kind(english)
    error.__dict__.update(state)
    return error
