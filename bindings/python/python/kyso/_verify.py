"""Verifying: a file in, a report out, whatever the file holds."""

from __future__ import annotations

from . import _kyso
from ._arguments import certificates as _certificates
from ._arguments import path as _path
from ._arguments import source as _source
from ._arguments import time as _time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ._arguments import Certificates, Path, Source
    from ._report import Report

__all__ = ["Diagnosis", "Online", "Verifier", "verify"]


class Online:
    """Who may be asked over the network while verifying; immutable.

    The status of a certificate is asked for only of the addresses that it names, once its path has
    reached an anchor; missing issuers only of the national authorities' addresses and of
    ``issuers``. Only public addresses are connected to, redirects are not followed, and size and
    time are limited. The environment's proxies are never used.

    Parameters
    ----------
    loopback : bool, default False
        Also ask 127.0.0.1, on any port: to develop against ``kyso sandbox``.
    allow : iterable of str, default ()
        Hosts (``"ca.btc"``, ``"pki.coquan.vn:8080"``) that may have an address of a private
        network.
    issuers : iterable of str, default ()
        Further addresses where missing issuers may be asked for, or beginnings of such addresses
        that end in ``/``.
    proxy : str, optional
        The proxy to ask through, such as ``"http://proxy.coquan.vn:3128"``, which then looks hosts
        up.

    Raises
    ------
    UsageError
        Raised where it is used, for what is no host, address or proxy.

    Examples
    --------
    >>> import kyso
    >>> report = kyso.verify(b"%PDF-1.7 and nothing else", online=kyso.Online(allow=["ca.btc"]))
    >>> report.validation.offline
    False
    """

    __slots__ = ("allow", "issuers", "loopback", "proxy")
    loopback: bool
    allow: tuple[str, ...]
    issuers: tuple[str, ...]
    proxy: str | None

    def __init__(
        self,
        *,
        loopback: bool = False,
        allow: Iterable[str] = (),
        issuers: Iterable[str] = (),
        proxy: str | None = None,
    ) -> None:
        # Text is iterable too, letter by letter.
        for name, given in (("allow", allow), ("issuers", issuers)):
            if isinstance(given, str):
                raise TypeError(f"{name} is an iterable of str, not one str")
        put = object.__setattr__
        put(self, "loopback", bool(loopback))
        put(self, "allow", tuple(allow))
        put(self, "issuers", tuple(issuers))
        put(self, "proxy", proxy)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a kyso.Online does not change")

    def __repr__(self) -> str:
        return f"kyso.Online(loopback={self.loopback}, allow={self.allow}, issuers={self.issuers})"


def _asked(
    online: bool | Online,
) -> tuple[bool, tuple[str, ...], tuple[str, ...], str | None] | None:
    if online is False:
        return None
    asked = Online() if online is True else online
    if not isinstance(asked, Online):
        raise TypeError(f"online is a bool or kyso.Online, not {type(online).__name__}")
    return asked.loopback, asked.allow, asked.issuers, asked.proxy


class Diagnosis:
    """What ``doctor`` found: JSON ``kyso-doctor/1``, text, and how grave it is.

    Attributes
    ----------
    exit_status : int
        0 nothing but notes, 2 warnings, 1 something grave.
    """

    __slots__ = ("_json", "_text", "exit_status")

    def __init__(self, json: str, text: str, exit_status: int) -> None:
        self._json = json
        self._text = text
        self.exit_status = exit_status

    def to_json(self) -> str:
        """One line of JSON, ``kyso-doctor/1``."""
        return self._json

    def to_text(self) -> str:
        """Text for a person."""
        return self._text


class Verifier:
    """Trust, policy and time in one value, to verify many files with.

    Threads may share it: nothing in it changes, and the interpreter is released while files are
    read and judged. The network is touched only where ``online`` asks for it.

    Parameters
    ----------
    trust : iterable of str, PathLike, bytes or Certificate, optional
        The anchors: files (PEM, DER, PKCS#7) or folders by path, contents, or certificates. They
        replace the operator's store; a folder's files that hold no certificate are passed over.
        By default the store is loaded from the folder ``KYSO_TRUST_DIR``, else from the platform's
        data folder; an empty store is no error, and the report says how to fill it.
    evidence : iterable of str, PathLike, bytes or Certificate, default ()
        Further certificates to build paths with, CRLs and OCSP responses: hints, never anchors. With
        the evidence bundle of a file, the verdict about it is given again: at the bundle's time
        unless ``at`` is given, and by its rules, which have to be built-in ones or those of
        ``policy``.
    at : datetime or str, optional
        The validation time: an aware ``datetime``, or text as RFC 3339 writes it. By default the
        clock's, read anew for each file.
    policy : {"default", "path-only"}
        The rules: the law of the signing time, or RFC 5280 alone.
    revocation : {"required", "none"}
        Whether missing evidence of the certificates' status counts. With ``"none"`` evidence that
        is present is obeyed still, and the report says that status was not asked for.
    online : bool or Online, default False
        Fetch status and missing issuers from the network. By default no socket is opened.
    cache : str or PathLike, optional
        A folder in which to keep what was fetched, and whose content is used without ``online``
        too. By default what was fetched is kept in memory, as long as the verifier.
    password : str or bytes, optional
        That of encrypted PDF files, tried where the empty one does not open them. Digests of
        signatures need none; what a file may hide does.
    limits : mapping of str to int, optional
        Safety limits to raise or lower by name, such as ``{"pdf_stream": 128 << 20}``. A limit
        that is reached is said in the report, and is never a pass.

    Raises
    ------
    UsageError
        For a time without a zone, an unknown word, or ``trust`` that holds no certificate.
    OutputError
        For a ``cache`` that cannot be made.
    InputError
        For a file of ``trust`` or ``evidence`` that cannot be read.

    Notes
    -----
    The verdicts are those of ETSI EN 319 102-1; paths are built as RFC 5280 §6 says.

    Examples
    --------
    >>> import kyso
    >>> verifier = kyso.Verifier(trust=None, at="2026-02-04T16:29:58+07:00")
    >>> report = verifier.verify(b"%PDF-1.7 and nothing else", name="x.pdf")
    >>> report.kind, report.indication, report.exit_status
    ('pdf', None, 65)
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        *,
        trust: Certificates | Iterable[Certificates] | None = None,
        evidence: Certificates | Iterable[Certificates] = (),
        at: datetime | str | None = None,
        policy: str = "default",
        revocation: str = "required",
        online: bool | Online = False,
        cache: Path | None = None,
        password: str | bytes | None = None,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        self._native = _kyso.Verifier(
            None if trust is None else _certificates(trust),
            _certificates(evidence),
            _time(at, "at"),
            policy,
            revocation,
            _asked(online),
            None if cache is None else _path(cache),
            password.encode() if isinstance(password, str) else password,
            list((limits or {}).items()),
        )

    def verify(
        self,
        source: Source,
        *,
        lang: str | None = None,
        name: str | None = None,
        evidence_out: Path | None = None,
    ) -> Report:
        """Verify every signature of a file.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            A path (the file is mapped, not read into memory), or the content. The kind (PDF, XML,
            edXML, CMS) is found from the bytes, never from the name.
        lang : {"en", "vi"}, optional
            The language of the messages among the report's attributes; English by default.
            ``to_json`` and ``to_text`` take a language of their own.
        name : str, optional
            What the report calls the file; by default the path, for content nothing.
        evidence_out : str or PathLike, optional
            Where to keep everything that the verdict rests on, as one file (``kyso-evidence/1``);
            one that is there is replaced.

        Returns
        -------
        Report
            Always, whatever the bytes: a file that cannot be read as its kind is a report with
            ``error``.

        Raises
        ------
        InputError
            Where the file cannot be opened.
        UsageError
            For an unknown language, or evidence bundles of which none is about the file.
        OutputError
            Where the evidence cannot be written.
        """
        from ._report import _report

        out = None if evidence_out is None else _path(evidence_out)
        return _report(self._native.verify(_source(source), name, out), lang or "en")

    def doctor(
        self, source: Source, *, lang: str | None = None, name: str | None = None
    ) -> Diagnosis:
        """Look a file over: what is odd about it and what it will suffer from.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            A path, or the content.
        lang : {"en", "vi"}, optional
            The language; English by default.
        name : str, optional
            What the answer calls the file; by default the path, for content nothing.

        Returns
        -------
        Diagnosis
            A diagnosis, never a verdict.

        Raises
        ------
        MalformedError
            For what is no document at all.
        """
        return Diagnosis(*self._native.doctor(_source(source), name, lang or "en"))

    def covered(self, source: Source, number: int) -> bytes:
        """What a signature of a PDF covers, and nothing later than it.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            A path, or the content.
        number : int
            Which signature, counted from 1: those of ``Report.signatures``, then
            ``Report.document_timestamps``.

        Returns
        -------
        bytes
            The file from its first byte to the end of what is covered: a PDF of its own.

        Raises
        ------
        UsageError
            Where there is no signature of this number.
        MalformedError
            Where its byte range is broken, or the bytes are no longer those that were signed.
        """
        if number < 0:
            number = 0
        return self._native.covered(_source(source), number)


def verify(
    source: Source,
    *,
    trust: Certificates | Iterable[Certificates] | None = None,
    evidence: Certificates | Iterable[Certificates] = (),
    at: datetime | str | None = None,
    policy: str = "default",
    revocation: str = "required",
    online: bool | Online = False,
    cache: Path | None = None,
    password: str | bytes | None = None,
    lang: str | None = None,
    name: str | None = None,
    evidence_out: Path | None = None,
) -> Report:
    """Verify every signature of a file.

    For many files, make one :class:`Verifier`.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path (the file is mapped, not read into memory), or the content.
    trust : iterable of str, PathLike, bytes or Certificate, optional
        The anchors, in place of the operator's store.
    evidence : iterable of str, PathLike, bytes or Certificate, default ()
        Further certificates to build paths with, CRLs and OCSP responses: hints, never anchors. With
        the evidence bundle of a file, the verdict about it is given again: at the bundle's time
        unless ``at`` is given, and by its rules, which have to be built-in ones or those of
        ``policy``.
    at : datetime or str, optional
        The validation time, with its zone; by default now.
    policy : {"default", "path-only"}
        The rules.
    revocation : {"required", "none"}
        Whether missing evidence of the certificates' status counts.
    online : bool or Online, default False
        Fetch status and missing issuers from the network. By default no socket is opened.
    cache : str or PathLike, optional
        A folder in which to keep what was fetched, and whose content is used without ``online``
        too.
    password : str or bytes, optional
        That of an encrypted PDF.
    lang : {"en", "vi"}, optional
        The language of the messages among the report's attributes; English by default.
    name : str, optional
        What the report calls the file; by default the path, for content nothing.
    evidence_out : str or PathLike, optional
        Where to keep everything that the verdict rests on, as one file.

    Returns
    -------
    Report
        Always, whatever the bytes.

    Raises
    ------
    InputError
        Where a file cannot be opened.
    UsageError
        For a time without a zone, an unknown word, or ``trust`` that holds no certificate.

    Notes
    -----
    The verdicts are those of ETSI EN 319 102-1. There is no ``is_valid``: "all of no signatures" is
    true.

    Examples
    --------
    >>> import kyso
    >>> report = kyso.verify(b"plain text")
    >>> report.kind, report.indication, report.error.code
    ('unknown', None, 'input.malformed')
    >>> print(report.error.message)
    The input is not what it claims to be: ...
    """
    verifier = Verifier(
        trust=trust,
        evidence=evidence,
        at=at,
        policy=policy,
        revocation=revocation,
        online=online,
        cache=cache,
        password=password,
    )
    return verifier.verify(source, lang=lang, name=name, evidence_out=evidence_out)
