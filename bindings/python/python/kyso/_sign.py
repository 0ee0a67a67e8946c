"""Signing a PDF: in one call, or in two steps with hours and hosts between them."""

from __future__ import annotations

from . import _kyso
from ._arguments import certificates as _certificates
from ._arguments import path as _path
from ._arguments import source as _source
from ._arguments import time as _time
from ._certificate import Certificate
from ._level import _raising

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from typing import Any

    from ._arguments import Certificates, Path, Source
    from ._level import Level
    from ._marks import Mark
    from ._signer import Signer

__all__ = [
    "CallbackSigner",
    "LocalKey",
    "Prepared",
    "PreparedDocument",
    "prepare_document",
    "prepare_pdf",
    "sign_pdf",
    "sign_pdf_file",
]


class LocalKey:
    """A private key in a file, with its certificates.

    Make one with :meth:`from_p12` or :meth:`from_pem`. The key stays in the library's memory; it
    cannot be read back, copied or pickled.
    """

    __slots__ = ("_native",)
    _native: _kyso.LocalKey

    def __init__(self) -> None:
        raise TypeError("use LocalKey.from_p12 or LocalKey.from_pem")

    @classmethod
    def from_p12(
        cls,
        source: Source,
        password: str,
        *,
        chain: Certificates | Iterable[Certificates] = (),
        algorithm: str | None = None,
    ) -> LocalKey:
        """Open a PKCS#12 file (``.p12``, ``.pfx``; RFC 7292), old or new ciphers.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            A path, or the content.
        password : str
            Its password.
        chain : iterable of str, PathLike, bytes or Certificate, default ()
            Further certificates of the chain to embed.
        algorithm : str, optional
            Another algorithm that the key allows, such as ``rsa-pss-sha256``.

        Returns
        -------
        LocalKey
            The key.

        Raises
        ------
        SigningKeyError
            For a wrong password, a key that may not sign, or one that no certificate belongs to.
        MalformedError
            For a file that is no PKCS#12.
        UsageError
            For an algorithm that is unknown or that the key cannot sign with.
        InputError
            Where a file cannot be read.
        """
        return cls._of(
            _kyso.LocalKey.from_p12(_source(source), password, _certificates(chain), algorithm)
        )

    @classmethod
    def from_pem(
        cls,
        key: Source,
        certificates: Certificates | Iterable[Certificates],
        password: str | None = None,
        *,
        chain: Certificates | Iterable[Certificates] = (),
        algorithm: str | None = None,
    ) -> LocalKey:
        """Open a private key in PEM or DER: PKCS#8 (RFC 5958), encrypted too, or the older forms.

        Parameters
        ----------
        key : str, PathLike, bytes or binary file
            A path, or the content.
        certificates : str, PathLike, bytes, Certificate, or an iterable of these
            Files that hold the key's own certificate; what else they hold is embedded.
        password : str, optional
            The password of an encrypted key.
        chain : iterable of str, PathLike, bytes or Certificate, default ()
            Further certificates of the chain to embed.
        algorithm : str, optional
            Another algorithm that the key allows.

        Returns
        -------
        LocalKey
            The key.

        Raises
        ------
        SigningKeyError
            For a wrong password, a key that may not sign, or one that no certificate belongs to.
        MalformedError
            For a file that is no private key or holds no certificate.
        UsageError
            For an algorithm that is unknown or that the key cannot sign with.
        InputError
            Where a file cannot be read.
        """
        own = _certificates(certificates)
        return cls._of(
            _kyso.LocalKey.from_pem(_source(key), own, password, _certificates(chain), algorithm)
        )

    @classmethod
    def _of(cls, native: _kyso.LocalKey) -> LocalKey:
        key = object.__new__(cls)
        key._native = native
        return key

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates that are embedded, the key's own first."""
        return tuple(map(Certificate._of, self._native.certificates()))

    @property
    def algorithm(self) -> str:
        """The algorithm that it signs with, such as ``rsa-pkcs1-sha256``."""
        return self._native.algorithm()

    def __repr__(self) -> str:
        return f"<kyso.LocalKey {self.algorithm} {self.certificates[0].common_name!r}>"


class CallbackSigner:
    """A signer made of a function: for tokens, HSMs and services behind an interface of your own.

    Any object with the same three members signs as well; this one saves writing the class.

    Parameters
    ----------
    certificates : str, PathLike, bytes, Certificate, or an iterable of these
        The signer's own certificate first, then the chain to embed.
    algorithm : str
        The algorithm that the function uses: ``rsa-pkcs1-sha256``, ``rsa-pss-sha256``,
        ``ecdsa-sha256``, ``ecdsa-sha384``, ``ed25519``, ….
    function : callable
        ``function(message, digest) -> bytes``: the raw signature value. ``message`` is the DER
        ``SET OF`` of the signed attributes (RFC 5652 §5.4), ``digest`` its digest; some devices want
        the one, some the other. The answer is RSASSA octets, ECDSA in DER form, or the 64 octets of
        Ed25519, and it is verified before anything is written.

    Examples
    --------
    >>> import kyso
    >>> signer = kyso.CallbackSigner([], "ecdsa-sha256", lambda message, digest: token(digest))
    >>> signer.algorithm
    'ecdsa-sha256'
    """

    __slots__ = ("_function", "algorithm", "certificates")

    def __init__(
        self,
        certificates: Certificates | Iterable[Certificates],
        algorithm: str,
        function: Callable[[bytes, bytes], bytes],
    ) -> None:
        self.certificates = certificates
        self.algorithm = algorithm
        self._function = function

    def sign(self, message: bytes, digest: bytes) -> bytes:
        """Call the function."""
        return self._function(message, digest)


class Prepared:
    """A signature that waits for its value.

    It holds no secret. :meth:`to_bytes` makes a small state file that another process, on another
    host, through another language's binding, can complete hours later; a pickle holds the same.
    Made by :func:`prepare_pdf` and :meth:`from_bytes`.
    """

    __slots__ = ("_native",)
    _native: _kyso.Prepared

    def __init__(self) -> None:
        raise TypeError("use kyso.prepare_pdf or Prepared.from_bytes")

    @classmethod
    def _of(cls, native: _kyso.Prepared) -> Prepared:
        prepared = object.__new__(cls)
        prepared._native = native
        return prepared

    @classmethod
    def from_bytes(cls, state: bytes) -> Prepared:
        """Read what :meth:`to_bytes` wrote.

        Parameters
        ----------
        state : bytes
            The state (JSON, ``kyso-prepared/1``).

        Returns
        -------
        Prepared
            The same as was written.

        Raises
        ------
        MalformedError
            For anything else.
        UnsupportedError
            For the state of a newer version.

        Examples
        --------
        >>> import kyso
        >>> kyso.Prepared.from_bytes(b"{}")
        Traceback (most recent call last):
        kyso._errors.MalformedError: ...
        """
        return cls._of(_kyso.Prepared.from_bytes(state))

    def to_bytes(self) -> bytes:
        """Write the state, to be kept or sent: a few kilobytes, the patch but not the file.

        Returns
        -------
        bytes
            JSON, ``kyso-prepared/1``.
        """
        return self._native.to_bytes()

    @property
    def digest(self) -> bytes:
        """The digest that has to be signed, of the signed attributes (RFC 5652 §5.4): 32 octets for
        SHA-256. Sign it as a digest: do not hash it once more."""
        return self._native.digest()

    @property
    def message(self) -> bytes:
        """The message whose digest that is, for services that hash themselves."""
        return self._native.message()

    @property
    def algorithm(self) -> str:
        """The signature algorithm that was chosen when preparing."""
        return self._native.algorithm()

    @property
    def field(self) -> str:
        """The full name of the signature's field."""
        return self._native.field()

    @property
    def input_sha256(self) -> bytes:
        """SHA-256 of the input that was prepared, 32 octets."""
        return self._native.input_sha256()

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates that will be embedded, the signer's own first."""
        return tuple(map(Certificate._of, self._native.certificates()))

    @property
    def document_digest(self) -> bytes:
        """The digest of the document, for a service that makes a whole CMS. Never have it signed
        by a bare key: it would prove less, and is refused."""
        return self._native.document_digest()

    def explain(self, raw: bytes, lang: str = "en") -> str | None:
        """Tell what a service really signed.

        Parameters
        ----------
        raw : bytes
            The value that the service answered.
        lang : {"vi", "en"}
            The language of the sentence.

        Returns
        -------
        str or None
            ``None`` where the value is right; else one sentence that names what was signed
            instead, such as the digest hashed once more, and what to do.
        """
        return self._native.explain(raw, lang)

    def complete(
        self,
        source: Source,
        *,
        raw: bytes | None = None,
        cms: bytes | None = None,
        level: Level | None = None,
    ) -> bytes:
        """Take the last step, in memory.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            The very file that was prepared: a path, or its content.
        raw : bytes, optional
            The raw signature value: RSASSA octets, ECDSA in DER form or as r and s side by side, or
            the 64 octets of Ed25519.
        cms : bytes, optional
            Instead of a value: a whole CMS that a service made over :attr:`document_digest`.
        level : Level, optional
            As for :func:`sign_pdf`: the time-stamp belongs into the CMS and is fetched now.

        Returns
        -------
        bytes
            The signed file: the input, byte for byte, and one patch behind it.

        Raises
        ------
        MismatchError
            For another file, or an answer that does not verify under the certificate; it says what
            was signed instead where that can be told.
        LimitError
            Where the CMS does not fit into the room that was reserved.
        InputError
            Where the file cannot be read.
        TypeError
            Without an answer, or with both.
        """
        return self._native.complete(_source(source), *_answer(raw, cms), _raising(level))

    def complete_file(
        self,
        source: Source,
        destination: Path,
        *,
        raw: bytes | None = None,
        cms: bytes | None = None,
        force: bool = False,
        level: Level | None = None,
    ) -> None:
        """Take the last step, onto the disk: the file appears whole or not at all.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            The very file that was prepared.
        destination : str or PathLike
            Where the signed file goes.
        raw, cms : bytes, optional
            The answer, as for :meth:`complete`.
        force : bool, default False
            Whether a file that is there already is replaced.
        level : Level, optional
            As for :meth:`complete`.

        Raises
        ------
        MismatchError
            For another file, or an answer that does not verify under the certificate.
        LimitError
            Where the CMS does not fit into the room that was reserved.
        InputError
            Where the file cannot be read.
        OutputError
            Where it cannot be written, or is there already.
        TypeError
            Without an answer, or with both.
        """
        self._native.complete_file(
            _source(source), _path(destination), force, *_answer(raw, cms), _raising(level)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prepared) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __repr__(self) -> str:
        return f"<kyso.Prepared {self.field!r} {self.algorithm} digest={self.digest.hex()[:16]}…>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Prepared.from_bytes, (self.to_bytes(),)


class PreparedDocument:
    """A document that waits for its signature, whoever will sign.

    For services that make a whole CMS, and where the certificate is known only afterwards. It holds
    no secret and not the file. Made by :func:`prepare_document` and :meth:`from_bytes`.
    """

    __slots__ = ("_native",)
    _native: _kyso.PreparedDocument

    def __init__(self) -> None:
        raise TypeError("use kyso.prepare_document or PreparedDocument.from_bytes")

    @classmethod
    def _of(cls, native: _kyso.PreparedDocument) -> PreparedDocument:
        prepared = object.__new__(cls)
        prepared._native = native
        return prepared

    @classmethod
    def from_bytes(cls, state: bytes) -> PreparedDocument:
        """Read what :meth:`to_bytes` wrote.

        Parameters
        ----------
        state : bytes
            The state (JSON, ``kyso-prepared/1``).

        Returns
        -------
        PreparedDocument
            The same as was written.

        Raises
        ------
        MalformedError
            For anything else.
        UnsupportedError
            For the state of a newer version.
        """
        return cls._of(_kyso.PreparedDocument.from_bytes(state))

    def to_bytes(self) -> bytes:
        """Write the state, to be kept or sent: a few kilobytes, the patch but not the file.

        Returns
        -------
        bytes
            JSON, ``kyso-prepared/1``.
        """
        return self._native.to_bytes()

    @property
    def document_digest(self) -> bytes:
        """The digest of the document, for a service that makes a whole CMS."""
        return self._native.document_digest()

    @property
    def field(self) -> str:
        """The full name of the signature's field."""
        return self._native.field()

    @property
    def input_sha256(self) -> bytes:
        """SHA-256 of the input that was prepared, 32 octets."""
        return self._native.input_sha256()

    def with_signer(
        self, certificates: Certificates | Iterable[Certificates], algorithm: str
    ) -> Prepared:
        """Name the signer, who is known now.

        Parameters
        ----------
        certificates : str, PathLike, bytes, Certificate, or an iterable of these
            The signer's own certificate first, then the chain to embed.
        algorithm : str
            The algorithm that the service will use; its hash is the one that was prepared with.

        Returns
        -------
        Prepared
            With the digest that has to be signed.

        Raises
        ------
        UsageError
            Without a certificate, or for an algorithm that does not fit its key or the hash.
        LimitError
            Where the chain does not fit into the room, which cannot grow any more.
        """
        return Prepared._of(self._native.with_signer(_certificates(certificates), algorithm))

    def complete(self, source: Source, *, cms: bytes, level: Level | None = None) -> bytes:
        """Take the last step, in memory, with a CMS that is embedded as it stands.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            The very file that was prepared.
        cms : bytes
            A whole detached CMS, made over :attr:`document_digest`.
        level : Level, optional
            As for :func:`sign_pdf`: a time-stamp is added to the CMS.

        Returns
        -------
        bytes
            The signed file.

        Raises
        ------
        MismatchError
            For another file, and a CMS that is not a good signature of this document.
        MalformedError
            For octets that are no CMS.
        LimitError
            Where it does not fit into the room that was reserved.
        """
        return self._native.complete(_source(source), cms, _raising(level))

    def complete_file(
        self,
        source: Source,
        destination: Path,
        *,
        cms: bytes,
        force: bool = False,
        level: Level | None = None,
    ) -> None:
        """Take the last step, onto the disk: the file appears whole or not at all.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            The very file that was prepared.
        destination : str or PathLike
            Where the signed file goes.
        cms : bytes
            A whole detached CMS, made over :attr:`document_digest`.
        force : bool, default False
            Whether a file that is there already is replaced.
        level : Level, optional
            As for :meth:`complete`.

        Raises
        ------
        MismatchError
            For another file, and a CMS that is not a good signature of this document.
        OutputError
            Where it cannot be written, or is there already.
        """
        self._native.complete_file(
            _source(source), _path(destination), force, cms, _raising(level)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PreparedDocument) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __repr__(self) -> str:
        digest = self.document_digest.hex()[:16]
        return f"<kyso.PreparedDocument {self.field!r} digest={digest}…>"

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedDocument.from_bytes, (self.to_bytes(),)


def sign_pdf(
    source: Source,
    *,
    signer: LocalKey | Signer,
    reason: str | None = None,
    location: str | None = None,
    contact: str | None = None,
    name: str | None = None,
    field: str | None = None,
    profile: str = "pades",
    at: datetime | str | None = None,
    reserve: int | None = None,
    level: Level | None = None,
    marks: Iterable[Mark] = (),
) -> bytes:
    """Sign a PDF in memory.

    A file that is signed already is signed again; nothing of it is touched. The new signature is
    verified before anything is returned.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path, or the content.
    signer : LocalKey or Signer
        A key in a file, or any object with ``certificates``, ``algorithm`` and
        ``sign(message, digest)``, such as a :class:`CallbackSigner`.
    reason, location, contact, name : str, optional
        Why, where and by whom it is signed (``/Reason``, ``/Location``, ``/ContactInfo``,
        ``/Name``; by default the name is the certificate's common name).
    field : str, optional
        The full name of the signature field: an empty one of that name is used, else it is made.
        By default the next free ``Signature1``, ``Signature2``, ….
    profile : {"pades", "pkcs7"}
        ``ETSI.CAdES.detached``, or ``adbe.pkcs7.detached`` for receivers that know nothing newer.
    at : datetime or str, optional
        The claimed time of signing, with its zone; by default now, at Viet Nam's offset.
    reserve : int, optional
        Octets kept free for the CMS; 16 KiB by default, or what the chain needs if that is more.
    level : Level, optional
        With a time-stamp, or with all that is needed to verify it, and whom that takes; by default
        ``b-b``, the signature alone.
    marks : iterable of Mark, optional
        What the signature shows on the pages, drawn in this order; by default nothing.

    Returns
    -------
    bytes
        The signed file: the input, byte for byte, and one patch behind it.

    Raises
    ------
    SignerError
        For an exception of a signer written in Python, which is its ``__cause__``.
    SigningKeyError
        For a key that may not sign.
    MismatchError
        For a signature value that does not verify under the signer's certificate.
    MalformedError, UnsupportedError, LimitError
        Where the input cannot take a signature.
    FetchError
        Where no time-stamp is to be had; no key was used then.
    RefusedError
        Where evidence for ``b-lt`` or ``b-lta`` is missing.
    UsageError
        For settings that contradict each other.
    InputError
        Where a file cannot be read.

    Notes
    -----
    PAdES baseline: EN 319 142-1 §6, ISO 32000-2 §12.8.

    Examples
    --------
    >>> import kyso
    >>> kyso.sign_pdf(b"plain text", signer=kyso.CallbackSigner([], "ed25519", len))
    Traceback (most recent call last):
    kyso._errors.UsageError: ...
    """
    settings = _settings(
        reason, location, contact, name, field, profile, at, reserve, marks
    )
    return _kyso.sign_pdf(_source(source), _who(signer), settings, _raising(level))


def sign_pdf_file(
    source: Source,
    destination: Path,
    *,
    signer: LocalKey | Signer,
    force: bool = False,
    reason: str | None = None,
    location: str | None = None,
    contact: str | None = None,
    name: str | None = None,
    field: str | None = None,
    profile: str = "pades",
    at: datetime | str | None = None,
    reserve: int | None = None,
    level: Level | None = None,
    marks: Iterable[Mark] = (),
) -> None:
    """Sign a PDF onto the disk; the file appears whole or not at all, and is never held in memory.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path (the file is mapped), or the content.
    destination : str or PathLike
        Where the signed file goes; it may be the source.
    signer : LocalKey or Signer
        As for :func:`sign_pdf`.
    force : bool, default False
        Whether a file that is there already is replaced.
    reason, location, contact, name, field, profile, at, reserve, level, marks
        As for :func:`sign_pdf`.

    Raises
    ------
    OutputError
        Where the file cannot be written, or is there already.
    KysoError
        As :func:`sign_pdf`.
    """
    settings = _settings(
        reason, location, contact, name, field, profile, at, reserve, marks
    )
    _kyso.sign_pdf_file(
        _source(source), _path(destination), force, _who(signer), settings, _raising(level)
    )


def prepare_pdf(
    source: Source,
    *,
    certificates: Certificates | Iterable[Certificates],
    algorithm: str,
    reason: str | None = None,
    location: str | None = None,
    contact: str | None = None,
    name: str | None = None,
    field: str | None = None,
    profile: str = "pades",
    at: datetime | str | None = None,
    reserve: int | None = None,
    marks: Iterable[Mark] = (),
) -> Prepared:
    """Take the first of two steps of signing: what a phone, HSM or remote service has to sign.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path, or the content.
    certificates : str, PathLike, bytes, Certificate, or an iterable of these
        The signer's own certificate first, then the chain to embed.
    algorithm : str
        The algorithm that the service will use, such as ``rsa-pkcs1-sha256``.
    reason, location, contact, name, field, profile, at, reserve, marks
        As for :func:`sign_pdf`. The room cannot grow after the digest was handed out.

    Returns
    -------
    Prepared
        The digest, and the state to complete later.

    Raises
    ------
    MalformedError, UnsupportedError, LimitError
        Where the input cannot take a signature, or a certificate cannot be read.
    SigningKeyError
        For a key that may not sign.
    UsageError
        Without a certificate, or for an algorithm that does not fit its key.
    InputError
        Where a file cannot be read.
    """
    settings = _settings(
        reason, location, contact, name, field, profile, at, reserve, marks
    )
    return Prepared._of(
        _kyso.prepare_pdf(_source(source), _certificates(certificates), algorithm, settings)
    )


def prepare_document(
    source: Source,
    *,
    digest: str = "sha256",
    reason: str | None = None,
    location: str | None = None,
    contact: str | None = None,
    name: str | None = None,
    field: str | None = None,
    profile: str = "pades",
    at: datetime | str | None = None,
    reserve: int | None = None,
    marks: Iterable[Mark] = (),
) -> PreparedDocument:
    """Take the first of two steps before anyone knows who will sign.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path, or the content.
    digest : {"sha256", "sha384", "sha512"}
        The hash of the document.
    reason, location, contact, name, field, profile, at, reserve, marks
        As for :func:`sign_pdf`; ``/Name`` is written only where ``name`` is given.

    Returns
    -------
    PreparedDocument
        The digest of the document, and the state to complete later.

    Raises
    ------
    MalformedError, UnsupportedError, LimitError
        Where the input cannot take a signature.
    UsageError
        For another hash.
    InputError
        Where a file cannot be read.
    """
    settings = _settings(
        reason, location, contact, name, field, profile, at, reserve, marks
    )
    return PreparedDocument._of(_kyso.prepare_document(_source(source), digest, settings))


def _answer(raw: bytes | None, cms: bytes | None) -> tuple[bytes, bool]:
    if raw is not None and cms is None:
        return raw, False
    if cms is not None and raw is None:
        return cms, True
    raise TypeError("one of raw and cms has to be given")


def _who(
    signer: LocalKey | Signer,
) -> _kyso.LocalKey | tuple[list[Any], str, Callable[[bytes, bytes], bytes]]:
    if isinstance(signer, LocalKey):
        return signer._native
    return _certificates(signer.certificates), signer.algorithm, signer.sign


def _settings(
    reason: str | None,
    location: str | None,
    contact: str | None,
    name: str | None,
    field: str | None,
    profile: str,
    at: datetime | str | None,
    reserve: int | None,
    marks: Iterable[Mark],
) -> dict[str, object]:
    return {
        "reason": reason,
        "location": location,
        "contact": contact,
        "name": name,
        "field": field,
        "profile": profile,
        "at": _time(at, "at"),
        "reserve": reserve,
        "marks": [mark._native() for mark in marks],
    }
