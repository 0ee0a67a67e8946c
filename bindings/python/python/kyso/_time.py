"""Times out of the private module, which writes them as RFC 3339 does."""

from __future__ import annotations

from datetime import datetime, timezone


def aware(text: str) -> datetime:
    """Read a time. One that :class:`datetime.datetime` cannot hold becomes its nearest."""
    try:
        return datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    except ValueError:
        extreme = datetime.min if text.startswith("0000") else datetime.max
        return extreme.replace(microsecond=0, tzinfo=timezone.utc)


def optional(text: str | None) -> datetime | None:
    """Read a time that may be absent."""
    return None if text is None else aware(text)
