"""The shape of a signer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._arguments import Certificates

__all__ = ["Signer"]


class Signer(Protocol):
    """Something that holds a private key, or can reach one: a token, a phone, a service.

    The key never has to be in this process. Any object with these three members is one.
    """

    @property
    def certificates(self) -> Certificates | Iterable[Certificates]:
        """The signer's own certificate first, then the chain to embed."""
        ...

    @property
    def algorithm(self) -> str:
        """The algorithm that :meth:`sign` uses, such as ``rsa-pkcs1-sha256``."""
        ...

    def sign(self, message: bytes, digest: bytes) -> bytes:
        """Sign, once.

        Parameters
        ----------
        message : bytes
            The DER ``SET OF`` of the signed attributes (RFC 5652 §5.4).
        digest : bytes
            Its digest. Devices that sign digests take this; do not hash it once more.

        Returns
        -------
        bytes
            The raw signature value: RSASSA octets, ECDSA in DER form, or the 64 octets of Ed25519.

        Raises
        ------
        Exception
            Whatever is raised here becomes the ``__cause__`` of a :class:`SignerError`; an error of
            this package's own classes, such as :class:`SigningKeyError`, goes through as it is.
        """
        ...
