//! The validation process for basic signatures (EN 319 102-1 clause 5.3): what can be said of a CMS
//! by itself, before any time is known.

use crate::cms::{SignedData, SignerInfo};
use crate::crypto::SignatureAlgorithm;
use crate::report::{Algorithms, IntactDigest, Integrity, VerifiedSignature};
use crate::time::Time;
use crate::validate::candidate::{Bare, Profile};
use crate::validate::{Context, Protected, format, identify, integrity};
use crate::verdict::Reason;
use crate::x509::Certificate;

/// What form, signing certificate and cryptography say. Every check that can run does run.
#[derive(Default)]
pub(crate) struct Examined {
    pub(crate) found: Vec<Reason>,
    pub(crate) integrity: Integrity,
    pub(crate) digest: Option<IntactDigest>,
    pub(crate) signature: Option<VerifiedSignature>,
    pub(crate) algorithms: Algorithms,
    /// The digests over what is signed.
    pub(crate) digest_names: Vec<&'static str>,
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    pub(crate) certificate: Option<Certificate>,
    /// The signing-time attribute.
    pub(crate) claimed: Option<Time>,
    /// Whether a signed attribute names the signing certificate.
    pub(crate) is_named: bool,
}

/// Examines a CMS. `container` holds the octets from the start of the CMS to the end of the place
/// it stands in.
pub(crate) fn cms(
    cms: &SignedData<'_>,
    container: &[u8],
    profile: Profile,
    protected: &Protected,
    context: &Context<'_>,
) -> Examined {
    let mut examined = Examined::default();
    let found = &mut examined.found;
    format::check(cms, container, profile, found);
    let Some(signer) = cms.signer_infos.first() else {
        return examined;
    };
    let certificate =
        identify::signing_certificate(cms, signer, profile, context.evidence, found).cloned();
    if let Some(recorder) = context.work.recorder() {
        recorder.certificates(&certificate);
    }
    examined.is_named = identify::references(signer).is_ok_and(|references| references.is_some());
    let key = certificate.as_ref().map(Certificate::public_key);
    let verified = integrity::check(cms, signer, key, profile, protected, found);
    examined.integrity = verified.integrity;
    examined.digest = verified.digest;
    examined.signature = verified.signature;
    examined.algorithms = algorithms(signer, certificate.as_ref());
    examined.digest_names = signer
        .digest()
        .map(|digest| digest.name())
        .into_iter()
        .collect();
    examined.algorithm = signer.signature_algorithm().ok();
    let attributes = signer.signed_attributes.as_ref();
    examined.claimed = attributes.and_then(|all| all.signing_time().ok().flatten());
    examined.certificate = certificate;
    examined
}

/// Examines an `adbe.x509.rsa_sha1`: a PKCS#1 value and its certificates, without CMS.
pub(crate) fn bare(bare: &Bare<'_>, protected: &Protected) -> Examined {
    let mut examined = Examined::default();
    let certificate = bare
        .certificates
        .first()
        .and_then(|der| Certificate::from_der(der).ok());
    let Some(certificate) = certificate else {
        examined.found.push(Reason::SigningCertificateNotFound);
        return examined;
    };
    examined.integrity = integrity::check_bare(
        &bare.signature,
        certificate.public_key(),
        protected,
        &mut examined.found,
    );
    examined.algorithms.digest = Some("SHA-1".into());
    examined.algorithms.signature = Some("RSA-PKCS1".into());
    examined.algorithms.key_bits = Some(certificate.public_key().bits());
    examined.digest_names = vec!["SHA-1"];
    examined.certificate = Some(certificate);
    examined
}

fn algorithms(signer: &SignerInfo<'_>, certificate: Option<&Certificate>) -> Algorithms {
    Algorithms {
        digest: Some(match signer.digest() {
            Some(digest) => digest.name().to_owned(),
            None => signer.digest_algorithm.oid.to_string(),
        }),
        signature: Some(match signer.signature_algorithm() {
            Ok(algorithm) => algorithm.name().to_owned(),
            Err(oid) => oid.to_string(),
        }),
        key_bits: certificate.map(|certificate| certificate.public_key().bits()),
    }
}
