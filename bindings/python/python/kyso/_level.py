"""Levels of signatures (ETSI EN 319 142-1), and raising the level of those that are there."""

from __future__ import annotations

from . import _kyso
from ._arguments import path as _path
from ._arguments import source as _source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._arguments import Path, Source
    from ._verify import Verifier

__all__ = ["Level", "extend_pdf", "extend_pdf_file"]


class Level:
    """How much a signature proves by itself, and whom that takes; immutable.

    Parameters
    ----------
    name : {"b-b", "b-t", "b-lt", "b-lta", "document-time-stamp"}, optional
        ``b-t`` has a time-stamp, ``b-lt`` all in the file that is needed to verify it, ``b-lta`` a
        time-stamp over that. ``document-time-stamp`` is for :func:`extend_pdf` alone: a time-stamp
        over the document and nothing else. By default ``b-t`` with ``tsa``, else ``b-b``.
    tsa : str or iterable of str, default ()
        Addresses of time-stamping services (RFC 3161): the next one is asked where one fails.
        Without one no socket is opened.
    tsa_digest : {"sha256", "sha384", "sha512"}
        The hash that is time-stamped.
    tsa_policy : str, optional
        The policy that the service has to stamp under, an object identifier.
    proxy : str, optional
        The proxy to ask the services through, such as ``"http://proxy.coquan.vn:3128"``.
    verifier : Verifier, optional
        By whose trust and rules evidence is gathered, and whether the network may be asked for it;
        ``b-lt``, ``b-lta`` and :func:`extend_pdf` need one.

    Raises
    ------
    UsageError
        Raised where it is used, for words without a meaning and for what lacks its service or its
        verifier.

    Examples
    --------
    >>> import kyso
    >>> kyso.Level("b-t", tsa="http://tsa.example.vn/")
    kyso.Level('b-t', tsa=('http://tsa.example.vn/',))
    """

    __slots__ = ("name", "proxy", "tsa", "tsa_digest", "tsa_policy", "verifier")
    name: str | None
    tsa: tuple[str, ...]
    tsa_digest: str
    tsa_policy: str | None
    proxy: str | None
    verifier: Verifier | None

    def __init__(
        self,
        name: str | None = None,
        *,
        tsa: str | Iterable[str] = (),
        tsa_digest: str = "sha256",
        tsa_policy: str | None = None,
        proxy: str | None = None,
        verifier: Verifier | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "name", name)
        put(self, "tsa", (tsa,) if isinstance(tsa, str) else tuple(tsa))
        put(self, "tsa_digest", tsa_digest)
        put(self, "tsa_policy", tsa_policy)
        put(self, "proxy", proxy)
        put(self, "verifier", verifier)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a kyso.Level does not change")

    def __repr__(self) -> str:
        return f"kyso.Level({self.name!r}, tsa={self.tsa!r})"


def extend_pdf(source: Source, *, level: Level, field: str | None = None) -> bytes:
    """Raise the level of signatures of a PDF, whoever made them.

    What is there stays byte for byte; what is added stands behind it, and is verified before
    anything is returned. Of a signature of level ``b-lta``, evidence for the last time-stamp is
    gathered before the new one is made.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path, or the content.
    level : Level
        To what, with whom it takes.
    field : str, optional
        Only the signature of this field; by default every signature.

    Returns
    -------
    bytes
        The file: the input, and what is added behind it.

    Raises
    ------
    RefusedError
        Where a signature is broken, evidence is missing (the certificate is named, and the addresses
        where it can be asked), or another signature would be worth less.
    FetchError
        Where no time-stamp is to be had.
    UsageError
        Without a needed service or verifier, for an unknown field, and where there is nothing to
        add.
    MalformedError, UnsupportedError, LimitError
        Where the input cannot be extended.
    InputError
        Where a file cannot be read.

    Examples
    --------
    >>> import kyso
    >>> level = kyso.Level("b-lt", verifier=kyso.Verifier(trust=None))
    >>> kyso.extend_pdf(b"plain text", level=level)
    Traceback (most recent call last):
    kyso._errors.MalformedError: ...
    """
    return _kyso.extend_pdf(_source(source), field, _raising(level))


def extend_pdf_file(
    source: Source,
    destination: Path,
    *,
    level: Level,
    field: str | None = None,
    force: bool = False,
) -> None:
    """Raise the level of signatures of a PDF onto the disk; the file appears whole or not at all.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path (the file is mapped), or the content.
    destination : str or PathLike
        Where the file goes; it may be the source.
    level, field
        As for :func:`extend_pdf`.
    force : bool, default False
        Whether a file that is there already is replaced.

    Raises
    ------
    OutputError
        Where the file cannot be written, or is there already.
    KysoError
        As :func:`extend_pdf`.
    """
    _kyso.extend_pdf_file(_source(source), _path(destination), force, field, _raising(level))


def _raising(level: Level | None) -> dict[str, object]:
    chosen = Level() if level is None else level
    if not isinstance(chosen, Level):
        raise TypeError(f"a level is a kyso.Level, not {type(chosen).__name__}")
    return {
        "level": chosen.name,
        "tsa": chosen.tsa,
        "tsa_digest": chosen.tsa_digest,
        "tsa_policy": chosen.tsa_policy,
        "proxy": chosen.proxy,
        "verifier": None if chosen.verifier is None else chosen.verifier._native,
    }
