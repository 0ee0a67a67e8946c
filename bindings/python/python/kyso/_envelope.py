"""The edXML envelope of QCVN 102:2016/BTTTT: read, built, answered."""

from __future__ import annotations

from . import _kyso
from ._arguments import path as _path
from ._arguments import plain as _plain
from ._arguments import source as _source
from ._arguments import time as _time
from ._errors import _usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from ._arguments import Native, Path, Source

__all__ = [
    "Attachment",
    "Envelope",
    "EnvelopeFlow",
    "build_envelope",
    "read_envelope",
    "reply_status",
    "track_envelopes",
]


class Attachment:
    """One attachment of an envelope; its content is decoded when it is read."""

    __slots__ = (
        "_native",
        "_number",
        "content_type",
        "description",
        "id",
        "name",
        "safe_name",
        "size",
    )

    id: str
    """Its identifier without any leading ``cid:``; empty where it has none."""
    name: str
    """Its name as it stands: data, never a path."""
    safe_name: str
    """A plain file name made from it: no path, no control or bidirectional character, never empty,
    and no other attachment of the envelope has it."""
    content_type: str | None
    """Its label as it stands."""
    description: str | None
    """Its description."""
    size: int
    """How many bytes it has, as far as can be told without unpacking it."""

    def __init__(self) -> None:
        raise TypeError("use Envelope.attachments")

    @classmethod
    def _of(cls, native: _kyso.Envelope, number: int, said: _kyso.Described) -> Attachment:
        attachment = object.__new__(cls)
        attachment._native = native
        attachment._number = number
        attachment.id, attachment.name, attachment.safe_name = said[:3]
        attachment.content_type, attachment.description, attachment.size = said[3:]
        return attachment

    _native: _kyso.Envelope
    _number: int

    def read(self) -> bytes:
        """Decode the content, taken out of a wrapping zip where the sender made one.

        Returns
        -------
        bytes
            The file.

        Raises
        ------
        MalformedError
            Where the content is not what it should be.
        LimitError
            Where it is larger than the limits allow.
        """
        return self._native.read(self._number)

    def __repr__(self) -> str:
        return f"<kyso.Attachment {self.safe_name!r} {self.size} bytes>"


class Envelope:
    """An envelope that was read: a document or a status message. Made by :func:`read_envelope`."""

    __slots__ = ("_native", "attachments")
    _native: _kyso.Envelope
    attachments: tuple[Attachment, ...]
    """What it carries."""

    def __init__(self) -> None:
        raise TypeError("use kyso.read_envelope")

    @classmethod
    def _of(cls, native: _kyso.Envelope) -> Envelope:
        envelope = object.__new__(cls)
        envelope._native = native
        envelope.attachments = tuple(
            Attachment._of(native, number, said)
            for number, said in enumerate(native.attachments())
        )
        return envelope

    @property
    def kind(self) -> str:
        """``document`` or ``status``."""
        return self._native.kind()

    @property
    def dialect(self) -> str:
        """Which spelling of the format it is written in."""
        return self._native.dialect()

    def to_json(self) -> str:
        """Write the envelope as one line of JSON, ``kyso-envelope/1``.

        Returns
        -------
        str
            Members named as the regulation's elements in snake_case; an absent element is absent.
        """
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """Give the same as :meth:`to_json`, as a new ``dict``.

        Returns
        -------
        dict
            With content or paths added to its attachments, :func:`build_envelope` takes it.
        """
        import json

        value: dict[str, Any] = json.loads(self.to_json())
        return value

    def __repr__(self) -> str:
        return f"<kyso.Envelope {self.kind} {self.dialect}, {len(self.attachments)} attachments>"

    def __reduce__(self) -> tuple[Any, ...]:
        return read_envelope, (self._native.to_bytes(),)


def read_envelope(source: Source) -> Envelope:
    """Read an edXML envelope, leniently.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path, or the content.

    Returns
    -------
    Envelope
        Its header and attachments. What it is worth is the answer of :func:`verify`.

    Raises
    ------
    MalformedError
        Where it is no envelope.
    UnsupportedError, LimitError
        For a form that is not read, or one beyond the limits.
    InputError
        Where the file cannot be read.

    Examples
    --------
    >>> import kyso
    >>> kyso.read_envelope(b"<not-an-envelope/>")
    Traceback (most recent call last):
    kyso._errors.MalformedError: ...
    """
    return Envelope._of(_kyso.Envelope(_source(source)))


def build_envelope(
    spec: Mapping[str, Any],
    *,
    base: Path | None = None,
    now: datetime | str | None = None,
) -> bytes:
    """Build an envelope from a description.

    The same description and time give the same bytes.

    Parameters
    ----------
    spec : mapping
        The members of :meth:`Envelope.to_dict` (``kind``, ``header``, ``trace``, ``business``,
        ``status``, ``attachments``). An attachment has ``content`` (bytes or a binary file) or
        ``path``, and may have ``id``, ``name``, ``content_type``, ``description``. Dates may be
        ``datetime.date``, times aware ``datetime.datetime``.
    base : str or PathLike, optional
        The folder that ``path`` is relative to; by default the current one.
    now : datetime or str, optional
        The time of the sender's trace line or of the status where none is given, with its zone; by
        default now, at Viet Nam's offset.

    Returns
    -------
    bytes
        The envelope: QCVN 102:2016/BTTTT, in the order and shape of the official SDK.

    Raises
    ------
    UsageError
        For a description that has an unknown member or breaks a rule; the message names it.
    InputError
        Where an attachment cannot be read.
    LimitError
        Where one is larger than the limits allow.

    Examples
    --------
    >>> import datetime, kyso
    >>> edxml = kyso.build_envelope(
    ...     {
    ...         "header": {
    ...             "from": {"organ_id": "G99.07"},
    ...             "to": [{"organ_id": "H99"}],
    ...             "document_id": "G99.07,2025/11/03,318/VP-TH",
    ...             "code": {"code_number": "318", "code_notation": "VP-TH"},
    ...             "promulgation_info": {"promulgation_date": datetime.date(2025, 11, 3)},
    ...             "subject": "V/v rà soát danh mục",
    ...             "steering_type": 0,
    ...         },
    ...         "attachments": [{"name": "318-VP-TH.pdf", "content": b"%PDF-1.7"}],
    ...     },
    ...     now="2025-11-03T14:05:00+07:00",
    ... )
    >>> envelope = kyso.read_envelope(edxml)
    >>> envelope.kind, envelope.attachments[0].safe_name, envelope.attachments[0].read()
    ('document', '318-VP-TH.pdf', b'%PDF-1.7')
    >>> envelope.to_dict()["header"]["subject"]
    'V/v rà soát danh mục'
    """
    import json

    members = dict(spec)
    contents: list[Native | None] = []
    if members.get("attachments") is not None:
        described = []
        for attachment in members["attachments"]:
            attachment = dict(attachment)
            content = attachment.pop("content", None)
            contents.append(None if content is None else _content(content))
            described.append(attachment)
        members["attachments"] = described
    return _kyso.build_envelope(
        json.dumps(members, default=_plain, ensure_ascii=False),
        contents,
        None if base is None else _path(base),
        _time(now, "now"),
    )


def reply_status(
    envelope: Envelope,
    code: str,
    *,
    description: str | None = None,
    sender: str | Mapping[str, str] | None = None,
    addressee: str | None = None,
    now: datetime | str | None = None,
) -> bytes:
    """Answer a received document with a status message.

    Parameters
    ----------
    envelope : Envelope
        The document that was received.
    code : str
        The status: ``01`` arrived, ``02`` refused, ``03`` received, ``04`` assigned, ``05`` in
        progress, ``06`` finished, ``13`` asked back, ``15`` agreed to give back, ``16`` refused to.
    description : str, optional
        Text or reason; the codes 02, 13 and 16 need one.
    sender : str or mapping, optional
        The agency that answers: its identifier code, or the members of an agency (``organ_id``,
        ``organ_name``, …). By default the document's receiver, where there is one only; for code 13
        its sender.
    addressee : str, optional
        The identifier code of the agency that is answered; by default the document's sender.
    now : datetime or str, optional
        The time of the status, with its zone; by default now, at Viet Nam's offset.

    Returns
    -------
    bytes
        The status message.

    Raises
    ------
    UsageError
        For a code that is none, one without its reason, an envelope that is no document, or where
        it cannot be told who answers.
    """
    members: Mapping[str, str] | None
    members = {"organ_id": sender} if isinstance(sender, str) else sender
    return _kyso.reply_status(
        envelope._native,
        code,
        description,
        None if members is None else list(members.items()),
        addressee,
        _time(now, "now"),
    )


class EnvelopeFlow:
    """What became of documents: the state at each receiver, what is odd, what may come next."""

    __slots__ = ("_messages",)

    _messages: list[_kyso.Envelope]

    def __init__(self) -> None:
        raise TypeError("use track_envelopes")

    def to_dict(self) -> dict[str, Any]:
        """Return the flow as data (``kyso-envelope-flow/1``)."""
        import json

        said: dict[str, Any] = json.loads(self.to_json())
        return said

    def to_json(self) -> str:
        """Return the flow as one line of JSON (``kyso-envelope-flow/1``)."""
        return _kyso.track_envelopes(self._messages, "en")[0]

    def to_text(self, lang: str = "en") -> str:
        """Return the story of each document, for a person.

        Parameters
        ----------
        lang : {"en", "vi"}
            The language.
        """
        return _kyso.track_envelopes(self._messages, lang)[1]

    def __repr__(self) -> str:
        return f"<kyso.EnvelopeFlow of {len(self._messages)} messages>"


def track_envelopes(envelopes: Iterable[Envelope]) -> EnvelopeFlow:
    """Tell what became of documents from the messages about them, sent and received.

    Parameters
    ----------
    envelopes : iterable of Envelope
        Documents and statuses in any order; one that is given twice counts once.

    Examples
    --------
    >>> import kyso
    >>> kyso.track_envelopes([]).to_dict()["documents"]
    []
    """
    flow = object.__new__(EnvelopeFlow)
    flow._messages = [envelope._native for envelope in envelopes]
    return flow


def _content(given: Source) -> bytes:
    content = _source(given)
    if isinstance(content, str):
        raise _usage("content is bytes or a binary file; a file by name is path", "attachments")
    return content
