"""Arguments of the public functions on their way to the private module."""

from __future__ import annotations

import os

from . import _kyso
from ._errors import _usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from typing import Protocol, Union

    from ._certificate import Certificate

    class Readable(Protocol):
        """A binary file that is open for reading."""

        def read(self) -> bytes:
            """Read to the end."""
            ...

    #: ``str`` and ``PathLike`` are paths.
    Path = Union[str, "os.PathLike[str]"]
    #: A path, or content, or a binary file to read.
    Source = Union[Path, bytes, bytearray, memoryview, Readable]
    #: One certificate, or a file (PEM, DER, PKCS#7) or folder of certificates.
    Certificates = Union[Path, bytes, bytearray, memoryview, "Certificate"]
    #: What the private module takes.
    Native = Union[str, bytes]


def source(given: Source) -> Native:
    """Turn a file argument into a path (``str``) or its content (``bytes``)."""
    if isinstance(given, (str, bytes)):
        return given
    # What may change while other threads run is copied.
    if isinstance(given, (bytearray, memoryview)):
        return bytes(given)
    if isinstance(given, os.PathLike):
        return os.fsdecode(given)
    read = getattr(given, "read", None)
    if read is None:
        raise TypeError(f"a path, bytes or a binary file is expected, not {type(given).__name__}")
    content = read()
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise TypeError("the file has to be open in binary mode")
    return bytes(content)


def path(given: Path) -> str:
    """Turn the path of an output into ``str``."""
    return os.fsdecode(given)


def certificates(
    given: Certificates | Iterable[Certificates],
) -> list[Native | _kyso.Certificate]:
    """Turn certificates into what the private module takes; one counts as a list of one."""
    from ._certificate import Certificate

    # Text and octets are iterable too, letter by letter: a trap that is not left open.
    if isinstance(given, memoryview):
        return [given.tobytes()]
    if isinstance(given, (str, bytes, bytearray, os.PathLike, Certificate)):
        return [_certificate(given)]
    return [_certificate(item) for item in given]


def _certificate(given: Certificates) -> Native | _kyso.Certificate:
    from ._certificate import Certificate

    if isinstance(given, Certificate):
        return given._native
    if isinstance(given, (str, bytes, bytearray, memoryview, os.PathLike)):
        return source(given)
    raise TypeError(f"a certificate is a path, bytes or Certificate, not {type(given).__name__}")


def time(given: datetime | str | None, name: str) -> str | None:
    """Turn a time into RFC 3339; a time without a zone is refused."""
    if given is None or isinstance(given, str):
        return given
    offset = given.utcoffset()
    if offset is None:
        raise _usage("a time needs a zone: naive times are not taken", name)
    if offset.seconds % 60 or offset.microseconds:
        # RFC 3339 knows minutes only; the instant stays.
        from datetime import timezone

        given = given.astimezone(timezone.utc)
    return given.isoformat(timespec="seconds")


def plain(value: object) -> object:
    """Turn what JSON does not know into what it does: dates and times of a description."""
    if hasattr(value, "utcoffset"):
        moment: datetime = value  # type: ignore[assignment]
        return time(moment, "spec")
    if hasattr(value, "isoformat"):
        day: date = value  # type: ignore[assignment]
        return day.isoformat()
    if hasattr(value, "keys"):
        return dict(value)  # type: ignore[call-overload]
    raise _usage(f"a description cannot hold {type(value).__name__}", "spec")
