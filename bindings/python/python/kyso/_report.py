"""The report, typed: :class:`Report` and its parts.

Every class is frozen; every attribute is a member of ``kyso-report/1`` under the same name, with
times as aware :class:`datetime.datetime` and indications as :class:`Indication`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import Enum
from types import MappingProxyType

from . import _kyso
from ._time import aware, optional

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any, Optional, Union

__all__ = [
    "Algorithms",
    "AttachmentReport",
    "ChainLink",
    "Coverage",
    "Finding",
    "Indication",
    "Integrity",
    "Reason",
    "Report",
    "ReportError",
    "SignatureReport",
    "SignerReport",
    "SigningTime",
    "TimeStampReport",
    "Validation",
]


class Indication(Enum):
    """The main answer about a signature or a file (EN 319 102-1, clause 5.1.3).

    Examples
    --------
    >>> import kyso
    >>> print(kyso.Indication.TOTAL_PASSED)
    TOTAL-PASSED
    """

    TOTAL_PASSED = "TOTAL-PASSED"
    """Every check passed."""
    INDETERMINATE = "INDETERMINATE"
    """The available information does not suffice to say."""
    TOTAL_FAILED = "TOTAL-FAILED"
    """The cryptography fails, or the format does, or the key is proven not to have been valid."""

    def __str__(self) -> str:
        return self.value


class _Part:
    """A frozen part of a report that can be pickled."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        values = [getattr(self, field.name) for field in fields(self)]  # type: ignore[arg-type]
        return _restored, (
            type(self),
            [dict(value) if isinstance(value, MappingProxyType) else value for value in values],
        )


@dataclass(frozen=True)
class Reason(_Part):
    """One thing found, for programs (``code``) and for people."""

    __slots__ = ("advice", "code", "message")

    code: str
    """The stable code, such as ``certificate.expired``; ``docs/VERDICTS.md`` lists them all."""
    message: str
    """What was found, in the language asked for."""
    advice: str
    """What to do next, in the same language."""


@dataclass(frozen=True)
class Finding(_Part):
    """Something about a file that a person should know, with its place."""

    __slots__ = ("code", "message", "place")

    code: str
    """The stable code."""
    place: str | None
    """Where it is: an object and revision, or the path of an element."""
    message: str
    """What it is, in the language asked for."""


@dataclass(frozen=True)
class ReportError(_Part):
    """Why a file could not be read as its kind."""

    __slots__ = ("code", "message")

    code: str
    """The code of the error, such as ``input.malformed``."""
    message: str
    """The sentence, in the language asked for."""


@dataclass(frozen=True)
class Validation(_Part):
    """By what a file was judged, so that the same answer can be had again."""

    __slots__ = ("at", "offline", "policy", "policy_sha256", "revocation", "trust_sha256", "version")

    at: datetime
    """The validation time."""
    policy: str
    """The policy's name."""
    policy_sha256: str
    """SHA-256 of the policy, in hexadecimal digits."""
    trust_sha256: str
    """SHA-256 over the fingerprints of the anchors, in hexadecimal digits."""
    revocation: str
    """Whether the status of certificates was demanded: ``required`` or ``none``."""
    offline: bool
    """Whether the network was left alone."""
    version: str
    """The version of this library."""


@dataclass(frozen=True)
class Integrity(_Part):
    """What cryptography alone says, whatever the chain's, the algorithm's or the policy's fate."""

    __slots__ = ("digest_intact", "signature_intact")

    digest_intact: bool | None
    """The protected bytes have the signed digest; ``None`` where that could not be computed."""
    signature_intact: bool | None
    """The signature value verifies under the signer's key; ``None`` where that could not be
    computed."""


@dataclass(frozen=True)
class Coverage(_Part):
    """How far a signature reaches (ISO 32000-2 §12.8.1)."""

    __slots__ = ("byte_range", "changes", "findings", "revision", "revisions", "whole_file")

    byte_range: tuple[int, ...] | None
    """The numbers of the ``/ByteRange`` as they stand: offsets and lengths in bytes."""
    whole_file: bool | None
    """Whether everything but the signature itself is covered."""
    revision: int | None
    """Which revision it covers, counted from 1."""
    revisions: int | None
    """How many revisions the file has."""
    changes: str | None
    """What later revisions changed: ``none``, ``permitted``, ``forbidden``; ``None``: not judged."""
    findings: tuple[Finding, ...]
    """Each change, and what is odd about the coverage."""


@dataclass(frozen=True)
class Algorithms(_Part):
    """With what a signature was made."""

    __slots__ = ("digest", "key_bits", "signature")

    digest: str | None
    """The digest over the document, such as ``SHA-256``."""
    signature: str | None
    """The signature algorithm, such as ``RSA-PKCS1``."""
    key_bits: int | None
    """Size of the signer's key, in bits."""


@dataclass(frozen=True)
class SignerReport(_Part):
    """Who signed, by the signing certificate."""

    __slots__ = (
        "common_name",
        "identifiers",
        "issuer",
        "not_after",
        "not_before",
        "organisation",
        "role",
        "serial",
        "sha256",
        "subject",
    )

    subject: str
    """The subject's distinguished name, in the certificate's order."""
    common_name: str
    """The common name; empty when there is none."""
    organisation: str | None
    """The organisation, where named."""
    role: str | None
    """``person``, ``organisation`` or ``unknown``: a guess from the certificate's profile. ``None``
    for a document time-stamp."""
    identifiers: Mapping[str, str]
    """Identifiers found in the subject: ``tax_code``, ``citizen_id``, ``email``."""
    serial: str
    """The serial number, in hexadecimal digits."""
    sha256: str
    """SHA-256 of the certificate, in hexadecimal digits."""
    not_before: datetime
    """When the certificate begins."""
    not_after: datetime
    """When it ends."""
    issuer: str
    """The issuer's distinguished name."""


@dataclass(frozen=True)
class SigningTime(_Part):
    """When something was signed."""

    __slots__ = ("claimed", "proven")

    claimed: datetime | None
    """What the signer says."""
    proven: datetime | None
    """What a valid time-stamp proves."""


@dataclass(frozen=True)
class StatusSource(_Part):
    """The revocation list or OCSP response that the status of a certificate rests on."""

    __slots__ = ("next_update", "number", "sha256", "source", "this_update")

    source: str
    """``CRL`` or ``OCSP``."""
    number: str | None
    """The number of the list, where it has one."""
    this_update: datetime
    """From when it holds."""
    next_update: datetime | None
    """When the next one is due at the latest."""
    sha256: str
    """SHA-256 of the list or response, in hexadecimal digits."""


@dataclass(frozen=True)
class ChainLink(_Part):
    """One certificate of the path from the signer to the anchor."""

    __slots__ = ("revocation", "sha256", "status", "subject", "tree", "trust_anchor")

    subject: str
    """Its subject."""
    sha256: str
    """Its SHA-256, in hexadecimal digits."""
    trust_anchor: bool
    """Whether it is an anchor."""
    tree: str | None
    """The tree it belongs to: ``vgca``, ``neac``, ``operator``."""
    revocation: str
    """``good``, ``revoked``, ``unknown`` or ``not-needed``."""
    status: StatusSource | None
    """What the status rests on; ``None`` where nothing says it."""


@dataclass(frozen=True)
class TimeStampReport(_Part):
    """One time-stamp that a signature carries (RFC 3161)."""

    __slots__ = ("indication", "kind", "reasons", "time")

    kind: str
    """``signature``, ``archive`` or ``content``."""
    time: datetime | None
    """What the token says; nothing is proven by that alone."""
    indication: str
    """``PASSED``, ``INDETERMINATE`` or ``FAILED``."""
    reasons: tuple[Reason, ...]
    """Why."""


@dataclass(frozen=True)
class CriterionEvidence(_Part):
    """What the answer to one criterion of Circular 15/2025/TT-BKHCN, App. II rests on."""

    __slots__ = ("evidence", "reasons")

    evidence: str
    """What was compared, and the time it was judged at, in one sentence."""
    reasons: tuple[str, ...]
    """The codes of the reasons that bear on it."""


@dataclass(frozen=True)
class SignatureReport(_Part):
    """The answer about one signature, or about one document time-stamp."""

    __slots__ = (
        "algorithms",
        "chain",
        "counter_signature",
        "coverage",
        "criteria",
        "criteria_evidence",
        "format",
        "id",
        "indication",
        "integrity",
        "reasons",
        "signer",
        "signing_time",
        "sub_indication",
        "timestamps",
    )

    id: str
    """The name of the signature: the PDF field's, or the XML Id."""
    format: str
    """The format and level, such as ``PAdES-BASELINE-B``."""
    counter_signature: bool
    """Whether it signs another signature."""
    indication: Indication
    """The main answer."""
    sub_indication: str | None
    """The constant of EN 319 102-1 for the gravest reason, such as ``HASH_FAILURE``."""
    reasons: tuple[Reason, ...]
    """Everything that was found, including what lowers nothing."""
    integrity: Integrity
    """What cryptography alone says."""
    coverage: Coverage | None
    """How far the signature reaches; ``None`` where the format has no such thing."""
    algorithms: Algorithms
    """With what it was made."""
    signer: SignerReport | None
    """Who signed; ``None`` when the signing certificate cannot be identified."""
    signing_time: SigningTime
    """When it was signed, claimed and proven."""
    chain: tuple[ChainLink, ...]
    """The path from the signing certificate to the anchor, as far as it could be built."""
    timestamps: tuple[TimeStampReport, ...]
    """The time-stamps that the signature carries."""
    criteria: Mapping[str, str] | None
    """The ten criteria of Circular 15/2025/TT-BKHCN, App. II, by number: ``passed``, ``failed``,
    ``unknown``, ``not_applicable``; ``None`` for a document time-stamp."""
    criteria_evidence: Mapping[str, CriterionEvidence] | None
    """What each of those answers rests on; ``None`` for a document time-stamp."""


@dataclass(frozen=True)
class AttachmentReport(_Part):
    """One attachment of an envelope."""

    __slots__ = ("name", "report")

    name: str
    """Its name as the envelope writes it; data, never a path."""
    report: Report | None
    """Its own report; ``None`` where it is of no kind that can be signed."""


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """The answer about one file: ``kyso-report/1``, typed.

    Reports are equal when their JSON is; they can be hashed and pickled. There is no ``is_valid``,
    because "all of no signatures" is true: look at :attr:`indication`.

    Examples
    --------
    >>> import kyso
    >>> report = kyso.verify(b"plain text", at="2026-02-04T16:29:58+07:00", lang="vi")
    >>> report.validation.at.isoformat()
    '2026-02-04T16:29:58+07:00'
    >>> report == kyso.verify(b"plain text", at=report.validation.at)
    True
    """

    __slots__ = (
        "_lang",
        "_native",
        "attachments",
        "document_timestamps",
        "error",
        "exit_status",
        "file",
        "findings",
        "indication",
        "kind",
        "reasons",
        "sha256",
        "signatures",
        "validation",
    )

    file: str | None
    """What the caller called the file."""
    kind: str
    """What it is by its bytes: ``pdf``, ``xml``, ``edxml``, ``cms``, ``unknown``."""
    sha256: str
    """SHA-256 of the whole input, in hexadecimal digits."""
    indication: Indication | None
    """The gravest of its signatures' and attachments'; ``None`` without signatures."""
    error: ReportError | None
    """Why it could not be read as its kind; what could be read of it is still reported."""
    validation: Validation
    """By what it was judged."""
    signatures: tuple[SignatureReport, ...]
    """One entry for each signature, in the order of the revisions."""
    document_timestamps: tuple[SignatureReport, ...]
    """One entry for each document time-stamp (PDF DocTimeStamp)."""
    attachments: tuple[AttachmentReport, ...]
    """One entry for each attachment of an envelope."""
    reasons: tuple[Reason, ...]
    """What holds the file as a whole, beside its signatures (an envelope's rules)."""
    findings: tuple[Finding, ...]
    """What is odd about the file and belongs to no signature."""
    exit_status: int
    """The status of the command line for this file: 0 every signature passed, 1 at least one
    failed, 2 at least one is indeterminate or there is none, 65 the input is no document."""
    _native: _kyso.Report
    _lang: str

    @property
    def differences(self) -> tuple[tuple[str, str], ...] | None:
        """In what it differs from the report in an evidence bundle: codes and sentences.

        Empty where it is the same; ``None`` where no bundle was given, and after pickling.
        """
        told = self._native.differences(self._lang)
        return None if told is None else tuple(told)

    def to_json(self, lang: str = "en") -> str:
        """Write the report as one line of JSON, ``kyso-report/1``, without a line end.

        Parameters
        ----------
        lang : {"en", "vi"}
            The language of its messages.

        Returns
        -------
        str
            The very text that ``kyso verify --format json`` prints for the file. Characters that
            could steer a terminal or reorder text are ``\\u`` escapes in it.

        Raises
        ------
        UsageError
            For any other language.
        """
        return self._native.to_json(lang)

    def to_text(self, lang: str = "en") -> str:
        """Write the report for a person.

        Parameters
        ----------
        lang : {"en", "vi"}
            The language.

        Returns
        -------
        str
            Sentences. The first says who signed, when, how that is known and whether it holds;
            nothing from the file reaches the text unescaped.

        Raises
        ------
        UsageError
            For any other language.
        """
        return self._native.to_text(lang)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        name = "" if self.file is None else f" {self.file!r}"
        said = "NONE" if self.indication is None else str(self.indication)
        return f"<kyso.Report{name} {self.kind} {said}, {len(self.signatures)} signatures>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _kept, (self._native.state(), self._lang)


if TYPE_CHECKING:
    Json = dict[str, Any]
    State = tuple[str, str, str, str, int, list[Union[Any, None]]]
    MaybeJson = Optional[Json]


def _report(native: _kyso.Report, lang: str) -> Report:
    """Read a report of the private module."""
    return _of(native, json.loads(native.to_json(lang)), lang)


def _kept(state: State, lang: str) -> Report:
    """Take a report out of a pickle."""
    return _report(_kyso.report_from_state(state), lang)


def _of(native: _kyso.Report, value: Json, lang: str) -> Report:
    error: MaybeJson = value["error"]
    validation: Json = value["validation"]
    indication: str = value["indication"]
    attachments = zip(value["attachments"], native.attachments())
    return Report(
        file=value["file"],
        kind=value["kind"],
        sha256=value["sha256"],
        indication=None if indication == "NONE" else Indication(indication),
        error=None if error is None else ReportError(**error),
        validation=Validation(**{**validation, "at": aware(validation["at"])}),
        signatures=tuple(map(_signature, value["signatures"])),
        document_timestamps=tuple(map(_signature, value["document_timestamps"])),
        attachments=tuple(
            AttachmentReport(
                name=attachment["name"],
                report=None if inner is None else _of(inner, attachment["report"], lang),
            )
            for attachment, inner in attachments
        ),
        reasons=_reasons(value["reasons"]),
        findings=_findings(value["findings"]),
        exit_status=native.exit_status(),
        _native=native,
        _lang=lang,
    )


def _link(value: Json) -> ChainLink:
    status: MaybeJson = value["status"]
    if status is None:
        return ChainLink(**value)
    next_update: str | None = status["next_update"]
    source = StatusSource(
        source=status["source"],
        number=status["number"],
        this_update=aware(status["this_update"]),
        next_update=None if next_update is None else aware(next_update),
        sha256=status["sha256"],
    )
    return ChainLink(**{**value, "status": source})


def _signature(value: Json) -> SignatureReport:
    coverage: MaybeJson = value["coverage"]
    signer: MaybeJson = value["signer"]
    times: Json = value["signing_time"]
    criteria: MaybeJson = value.get("criteria")
    evidence: MaybeJson = value.get("criteria_evidence")
    return SignatureReport(
        id=value["id"],
        format=value["format"],
        counter_signature=value.get("counter_signature", False),
        indication=Indication(value["indication"]),
        sub_indication=value["sub_indication"],
        reasons=_reasons(value["reasons"]),
        integrity=Integrity(**value["integrity"]),
        coverage=None if coverage is None else _coverage(coverage),
        algorithms=Algorithms(**value["algorithms"]),
        signer=None if signer is None else _signer(signer),
        signing_time=SigningTime(optional(times["claimed"]), optional(times["proven"])),
        chain=tuple(map(_link, value["chain"])),
        timestamps=tuple(map(_timestamp, value["timestamps"])),
        criteria=None if criteria is None else MappingProxyType(criteria),
        criteria_evidence=None if evidence is None else _evidence(evidence),
    )


def _evidence(value: Json) -> Mapping[str, CriterionEvidence]:
    return MappingProxyType(
        {
            number: CriterionEvidence(told["evidence"], tuple(told["reasons"]))
            for number, told in value.items()
        }
    )


def _coverage(value: Json) -> Coverage:
    numbers: list[int] | None = value["byte_range"]
    return Coverage(
        byte_range=None if numbers is None else tuple(numbers),
        whole_file=value["whole_file"],
        revision=value["revision"],
        revisions=value["revisions"],
        changes=value["changes"],
        findings=_findings(value["findings"]),
    )


def _signer(value: Json) -> SignerReport:
    return SignerReport(
        subject=value["subject"],
        common_name=value["common_name"],
        organisation=value["organisation"],
        role=value.get("role"),
        identifiers=MappingProxyType(value["identifiers"]),
        serial=value["serial"],
        sha256=value["sha256"],
        not_before=aware(value["not_before"]),
        not_after=aware(value["not_after"]),
        issuer=value["issuer"],
    )


def _timestamp(value: Json) -> TimeStampReport:
    return TimeStampReport(
        kind=value["kind"],
        time=optional(value["time"]),
        indication=value["indication"],
        reasons=_reasons(value["reasons"]),
    )


def _reasons(values: list[Json]) -> tuple[Reason, ...]:
    return tuple(Reason(**value) for value in values)


def _findings(values: list[Json]) -> tuple[Finding, ...]:
    return tuple(Finding(**value) for value in values)


def _restored(kind: type[Any], values: list[Any]) -> Any:
    """Take a part of a report out of a pickle."""
    return kind(*(MappingProxyType(value) if isinstance(value, dict) else value for value in values))
