"""Sign and verify the documents of a state: PDF and the edXML envelope of Viet Nam.

The words are those of the command line. ``str`` and ``PathLike`` are paths, ``bytes`` is content, a
binary file is read::

    import kyso

    report = kyso.verify("quyet-dinh.pdf", trust=["vgca-root.pem"])
    for signature in report.signatures:
        print(signature.indication, signature.signer and signature.signer.common_name)
        for reason in signature.reasons:
            print("  ", reason.code, reason.message, reason.advice)

    key = kyso.LocalKey.from_p12("van-thu.p12", password)
    kyso.sign_pdf_file("in.pdf", "out.pdf", signer=key, reason="Phát hành văn bản")

Verifying never raises over what a file holds: a damaged or hostile file is a report. Whatever else
goes wrong is a :class:`KysoError`. Every function releases the interpreter while it works, and no
function opens a socket, but for verifying where ``online`` asks for it, and for a :class:`Level` that
names a time-stamping service.
"""

from __future__ import annotations

from ._certificate import Certificate
from ._envelope import (
    Attachment,
    Envelope,
    EnvelopeFlow,
    build_envelope,
    read_envelope,
    reply_status,
    track_envelopes,
)
from ._errors import (
    AppearanceError,
    FetchError,
    InputError,
    InternalError,
    KysoError,
    LimitError,
    LockedError,
    MalformedError,
    MismatchError,
    OutputError,
    RefusedError,
    SignerError,
    SigningKeyError,
    UnsupportedError,
    UsageError,
)
from ._kyso import VERSION as __version__
from ._level import Level, extend_pdf, extend_pdf_file
from ._marks import Draft, Mark, Placed, draft_pdf
from ._sign import (
    CallbackSigner,
    LocalKey,
    Prepared,
    PreparedDocument,
    prepare_document,
    prepare_pdf,
    sign_pdf,
    sign_pdf_file,
)
from ._verify import Diagnosis, Online, Verifier, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._report import (
        Algorithms,
        AttachmentReport,
        ChainLink,
        Coverage,
        CriterionEvidence,
        Finding,
        Indication,
        Integrity,
        Reason,
        Report,
        ReportError,
        SignatureReport,
        SignerReport,
        SigningTime,
        StatusSource,
        TimeStampReport,
        Validation,
    )
    from ._signer import Signer

__all__ = [
    "Algorithms",
    "AppearanceError",
    "Attachment",
    "AttachmentReport",
    "CallbackSigner",
    "Certificate",
    "ChainLink",
    "Coverage",
    "CriterionEvidence",
    "Diagnosis",
    "Draft",
    "Envelope",
    "EnvelopeFlow",
    "FetchError",
    "Finding",
    "Indication",
    "InputError",
    "Integrity",
    "InternalError",
    "KysoError",
    "Level",
    "LimitError",
    "LocalKey",
    "LockedError",
    "MalformedError",
    "Mark",
    "MismatchError",
    "Online",
    "OutputError",
    "Placed",
    "Prepared",
    "PreparedDocument",
    "Reason",
    "RefusedError",
    "Report",
    "ReportError",
    "SignatureReport",
    "Signer",
    "SignerError",
    "SignerReport",
    "SigningKeyError",
    "SigningTime",
    "StatusSource",
    "TimeStampReport",
    "UnsupportedError",
    "UsageError",
    "Validation",
    "Verifier",
    "__version__",
    "build_envelope",
    "draft_pdf",
    "extend_pdf",
    "extend_pdf_file",
    "prepare_document",
    "prepare_pdf",
    "read_envelope",
    "reply_status",
    "sign_pdf",
    "sign_pdf_file",
    "track_envelopes",
    "verify",
]


# The report's classes need dataclasses, enum and json, which cost more to import than all the rest
# of this package; they are loaded with the first report, or when one of them is named.
def __getattr__(name: str) -> object:
    if name in __all__:
        from importlib import import_module

        home = import_module("._signer" if name == "Signer" else "._report", __name__)
        value: object = getattr(home, name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
