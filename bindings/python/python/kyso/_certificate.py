"""Certificates, read."""

from __future__ import annotations

from . import _kyso
from ._arguments import source as _source
from ._errors import _usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from ._arguments import Source

__all__ = ["Certificate"]


class Certificate:
    """An X.509 certificate (RFC 5280), immutable and hashable.

    It is read, not judged: whether it may be trusted is the answer of a report.
    Make one with :meth:`from_bytes`, several with :meth:`many_from`.
    """

    __slots__ = ("_native",)
    _native: _kyso.Certificate

    def __init__(self) -> None:
        raise TypeError("use Certificate.from_bytes or Certificate.many_from")

    @classmethod
    def _of(cls, native: _kyso.Certificate) -> Certificate:
        certificate = object.__new__(cls)
        certificate._native = native
        return certificate

    @classmethod
    def from_bytes(cls, content: bytes | bytearray | memoryview) -> Certificate:
        """Read exactly one certificate.

        Parameters
        ----------
        content : bytes
            One certificate in DER or PEM.

        Returns
        -------
        Certificate
            The certificate.

        Raises
        ------
        MalformedError
            For anything that is no certificate.
        UsageError
            Where there are several.

        Examples
        --------
        >>> import kyso
        >>> kyso.Certificate.from_bytes(b"-----BEGIN NOTHING-----")
        Traceback (most recent call last):
        kyso._errors.MalformedError: ...
        """
        several = cls.many_from(bytes(content))
        if len(several) != 1:
            raise _usage("one certificate is expected; many_from reads several", "content")
        return several[0]

    @classmethod
    def many_from(cls, source: Source) -> tuple[Certificate, ...]:
        """Read every certificate of a file.

        Parameters
        ----------
        source : str, PathLike, bytes or binary file
            A path, or the content: PEM (several), DER, or PKCS#7 (DER or BER).

        Returns
        -------
        tuple of Certificate
            At least one, in the order of the file.

        Raises
        ------
        MalformedError
            Where there is none.
        InputError
            Where the file cannot be read.
        """
        return tuple(map(cls._of, _kyso.certificates(_source(source))))

    @property
    def der(self) -> bytes:
        """The octets of the certificate."""
        return self._native.der()

    @property
    def sha256(self) -> str:
        """SHA-256 of the octets, in 64 lower-case hexadecimal digits."""
        return self._native.sha256()

    @property
    def subject(self) -> str:
        """The subject's distinguished name, in the certificate's order."""
        return self._native.subject()

    @property
    def issuer(self) -> str:
        """The issuer's distinguished name, in the certificate's order."""
        return self._native.issuer()

    @property
    def serial(self) -> str:
        """The serial number, in hexadecimal digits."""
        return self._native.serial()

    @property
    def common_name(self) -> str | None:
        """The subject's common name, where it has one."""
        return self._native.common_name()

    @property
    def not_before(self) -> datetime:
        """When it begins."""
        from ._time import aware

        return aware(self._native.not_before())

    @property
    def not_after(self) -> datetime:
        """When it ends."""
        from ._time import aware

        return aware(self._native.not_after())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"<kyso.Certificate {self.common_name or self.subject!r} sha256={self.sha256[:16]}…>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Certificate.from_bytes, (self.der,)
