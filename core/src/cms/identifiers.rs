//! The object identifiers of content types and attributes.

use crate::der::{Oid, oid};

/// id-data: content without further structure.
pub const DATA: Oid = oid!("1.2.840.113549.1.7.1");
/// id-signedData.
pub const SIGNED_DATA: Oid = oid!("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo (RFC 3161 §2.4.2).
pub const TST_INFO: Oid = oid!("1.2.840.113549.1.9.16.1.4");
/// id-ri-ocsp-response (RFC 5940 §2.1): an OCSP response among the CRLs.
pub const OCSP_RESPONSE: Oid = oid!("1.3.6.1.5.5.7.16.2");

/// id-contentType.
pub const CONTENT_TYPE: Oid = oid!("1.2.840.113549.1.9.3");
/// id-messageDigest.
pub const MESSAGE_DIGEST: Oid = oid!("1.2.840.113549.1.9.4");
/// id-signingTime.
pub const SIGNING_TIME: Oid = oid!("1.2.840.113549.1.9.5");
/// id-countersignature.
pub const COUNTER_SIGNATURE: Oid = oid!("1.2.840.113549.1.9.6");
/// id-aa-cmsAlgorithmProtect (RFC 6211).
pub const ALGORITHM_PROTECTION: Oid = oid!("1.2.840.113549.1.9.52");
/// id-aa-signingCertificate: with SHA-1 (RFC 2634 §5.4).
pub const SIGNING_CERTIFICATE: Oid = oid!("1.2.840.113549.1.9.16.2.12");
/// id-aa-signingCertificateV2 (RFC 5035 §3).
pub const SIGNING_CERTIFICATE_V2: Oid = oid!("1.2.840.113549.1.9.16.2.47");
/// id-aa-signatureTimeStampToken (RFC 3161 appendix A).
pub const SIGNATURE_TIME_STAMP: Oid = oid!("1.2.840.113549.1.9.16.2.14");
/// id-aa-ets-sigPolicyId.
pub const SIGNATURE_POLICY: Oid = oid!("1.2.840.113549.1.9.16.2.15");
/// id-aa-ets-commitmentType.
pub const COMMITMENT_TYPE: Oid = oid!("1.2.840.113549.1.9.16.2.16");
/// id-aa-ets-contentTimestamp.
pub const CONTENT_TIME_STAMP: Oid = oid!("1.2.840.113549.1.9.16.2.20");
/// id-aa-ets-certValues: certificates of the older long-term form, read only.
pub const CERTIFICATE_VALUES: Oid = oid!("1.2.840.113549.1.9.16.2.23");
/// id-aa-ets-revocationValues: CRLs and OCSP responses of the older long-term form, read only.
pub const REVOCATION_VALUES: Oid = oid!("1.2.840.113549.1.9.16.2.24");
/// id-aa-ets-archiveTimestampV2, read only.
pub const ARCHIVE_TIME_STAMP_V2: Oid = oid!("1.2.840.113549.1.9.16.2.48");
/// id-aa-ets-archiveTimestampV3 (EN 319 122-1 §5.5.3).
pub const ARCHIVE_TIME_STAMP_V3: Oid = oid!("0.4.0.1733.2.4");
/// ats-hash-index of the form first published (TS 101 733 V2.2.1), read only.
pub const ATS_HASH_INDEX: Oid = oid!("0.4.0.1733.2.5");
/// ats-hash-index-v2 (EN 319 122-1 V1.0.0), read only.
pub const ATS_HASH_INDEX_V2: Oid = oid!("0.4.0.19122.1.4");
/// ats-hash-index-v3 (EN 319 122-1 §5.5.2).
pub const ATS_HASH_INDEX_V3: Oid = oid!("0.4.0.19122.1.5");
/// adbe-revocationInfoArchival (ISO 32000-2 §12.8.3.3.2).
pub const REVOCATION_INFO_ARCHIVAL: Oid = oid!("1.2.840.113583.1.1.8");
