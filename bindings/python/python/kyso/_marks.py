"""What a signature shows on the pages: :class:`Mark`, and the page before it is signed."""

from __future__ import annotations

from . import _kyso
from ._arguments import certificates as _certificates
from ._arguments import source as _source
from ._errors import UsageError
from ._sign import _settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from typing import Any

    from ._arguments import Certificates, Source

__all__ = ["Draft", "Mark", "Placed", "draft_pdf"]


class Mark:
    """One thing that a signature shows, in the forms that Vietnamese law draws them.

    Parameters
    ----------
    form : str
        ``signature``, ``seal``, ``picture``, ``appendix``, ``copy``, ``digitised``,
        ``archive-copy``, ``portal``, ``number``, ``day``, ``month``, ``year`` or ``text``.
    picture : str, PathLike, bytes or binary file, optional
        The PNG or JPEG that it shows: a path, or the content.
    **members
        What it says and where it goes, by the words of docs/FORMS.md: ``text``, ``document``,
        ``kind``, ``organisation``, ``value``, ``width``, ``font_size``, ``bold``, ``italic``,
        ``page``, ``corner`` with ``x`` and ``y`` (millimetres), ``relative``, ``between``,
        ``after``, ``over``, ``in_field``, ``blank_before_time``.

    Examples
    --------
    >>> import kyso
    >>> kyso.Mark("signature", picture="chu-ky.png", between=["CHỦ TỊCH", "Nguyễn Văn A"])
    <kyso.Mark signature>
    >>> kyso.Mark("seal", picture="dau.png", width=36)
    <kyso.Mark seal>
    """

    __slots__ = ("_description", "_form", "_picture")
    _form: str
    _description: str
    _picture: str | bytes | None

    def __init__(self, form: str, *, picture: Source | None = None, **members: object) -> None:
        self._form = form
        self._picture = None if picture is None else _source(picture)
        import json  # imported late: loading the package stays cheap

        try:
            self._description = json.dumps({"form": form, **members}, ensure_ascii=False)
        except TypeError as error:
            raise UsageError(f"a mark cannot hold this: {error}") from error

    @classmethod
    def issue(
        cls,
        number: str | int,
        on: date,
        *,
        seal: Source | None = None,
        seal_width: float | None = None,
        over: str = "signature",
    ) -> list[Mark]:
        """Give the marks of the clerk's step: number, date, and the organisation's seal.

        Parameters
        ----------
        number : str or int
            The number of the document.
        on : date
            The date of issue. A year that the document has printed has to be this one.
        seal : str, PathLike, bytes or binary file, optional
            The seal as PNG or JPEG, put over the left third of the person's signature.
        seal_width : float, optional
            Its width in millimetres; by default what the picture's resolution says.
        over : str, default "signature"
            The field of the signature below the seal, where several are shown.

        Returns
        -------
        list of Mark
            To be handed to :func:`sign_pdf` as ``marks``: one signature shows them all.
        """
        marks = [
            cls("number", value=str(number)),
            cls("day", value=on.day),
            cls("month", value=on.month),
            cls("year", value=on.year),
        ]
        if seal is not None:
            size = {} if seal_width is None else {"width": seal_width}
            marks.append(cls("seal", picture=seal, over=over, **size))
        return marks

    def _native(self) -> tuple[str, str | bytes | None]:
        return self._description, self._picture

    def __repr__(self) -> str:
        return f"<kyso.Mark {self._form}>"


class Placed:
    """Where a mark was put, in millimetres on the page as it is seen."""

    __slots__ = ("height", "left", "mark", "overlap", "page", "rectangle", "top", "width")

    mark: int
    """Which mark, counted from 0."""
    page: int
    """The page, from 1."""
    left: float
    """From the left side of the page."""
    top: float
    """From its upper side."""
    width: float
    """How wide it is."""
    height: float
    """How high it is."""
    rectangle: tuple[float, float, float, float]
    """The same in the page's user space: left, bottom, right, top."""
    overlap: float | None
    """For a seal: the part of the width of the signature below it that it covers."""

    def __init__(self) -> None:
        raise TypeError("use kyso.draft_pdf")

    @classmethod
    def _of(cls, members: dict[str, Any]) -> Placed:
        placed = object.__new__(cls)
        for name in cls.__slots__:
            setattr(placed, name, members[name])
        left, bottom, right, top = members["rectangle"]
        placed.rectangle = (left, bottom, right, top)
        return placed

    def __repr__(self) -> str:
        return (
            f"<kyso.Placed page {self.page} at {self.left:.1f} × {self.top:.1f} mm, "
            f"{self.width:.1f} × {self.height:.1f} mm>"
        )


class Draft:
    """A file as it will look once it is signed. It is not signed: never send it."""

    __slots__ = ("content", "placed")

    content: bytes
    """The whole file."""
    placed: list[Placed]
    """Where the marks are, in the order they were given."""

    def __init__(self) -> None:
        raise TypeError("use kyso.draft_pdf")

    @classmethod
    def _of(cls, content: bytes, placed: list[Placed]) -> Draft:
        draft = object.__new__(cls)
        draft.content = content
        draft.placed = placed
        return draft

    def __repr__(self) -> str:
        return f"<kyso.Draft of {len(self.content)} octets, {len(self.placed)} marks>"


def draft_pdf(
    source: Source,
    *,
    marks: Iterable[Mark],
    certificates: Certificates | Iterable[Certificates] = (),
    name: str | None = None,
    field: str | None = None,
    at: datetime | str | None = None,
) -> Draft:
    """Lay a signature that shows something, before any key is touched.

    Parameters
    ----------
    source : str, PathLike, bytes or binary file
        A path, or the content.
    marks : iterable of Mark
        What the signature shows.
    certificates : str, PathLike, bytes, Certificate, or an iterable of these
        The signer's own certificate first, where a mark shows a name that only it tells.
    name, field, at
        As for :func:`sign_pdf`.

    Returns
    -------
    Draft
        The file to be shown to whoever is about to sign, and where the marks are.

    Raises
    ------
    AppearanceError
        Where a mark cannot be drawn: a letter without a glyph, words that are not found.
    KysoError
        As :func:`sign_pdf`.
    """
    settings = _settings(None, None, None, name, field, "pades", at, None, marks)
    content, placed = _kyso.draft_pdf(_source(source), _certificates(certificates), settings)
    import json  # imported late: loading the package stays cheap

    return Draft._of(content, [Placed._of(one) for one in json.loads(placed)])
