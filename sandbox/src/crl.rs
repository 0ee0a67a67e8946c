//! Lists of revoked certificates (RFC 5280 §5), described member by member as certificates are.

use crate::asn1;
use crate::error::SandboxError;
use crate::facts::Facts;
use crate::hash::Scheme;
use crate::issued::Issued;
use crate::recipe::ExtraExtension;

/// Why a certificate was revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum RevocationReason {
    /// `unspecified` (0); better left out altogether.
    Unspecified,
    /// `keyCompromise` (1).
    KeyCompromise,
    /// `cACompromise` (2).
    CaCompromise,
    /// `affiliationChanged` (3).
    AffiliationChanged,
    /// `superseded` (4).
    Superseded,
    /// `cessationOfOperation` (5).
    CessationOfOperation,
    /// `certificateHold` (6): may be lifted.
    CertificateHold,
    /// `removeFromCRL` (8), of changes to a list alone.
    RemoveFromCrl,
    /// `privilegeWithdrawn` (9).
    PrivilegeWithdrawn,
    /// `aACompromise` (10).
    AaCompromise,
}

impl RevocationReason {
    /// Every reason.
    pub const ALL: [RevocationReason; 10] = [
        RevocationReason::Unspecified,
        RevocationReason::KeyCompromise,
        RevocationReason::CaCompromise,
        RevocationReason::AffiliationChanged,
        RevocationReason::Superseded,
        RevocationReason::CessationOfOperation,
        RevocationReason::CertificateHold,
        RevocationReason::RemoveFromCrl,
        RevocationReason::PrivilegeWithdrawn,
        RevocationReason::AaCompromise,
    ];

    /// The reason of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.number() == number)
    }

    /// The number of `CRLReason`.
    pub fn number(self) -> u8 {
        match self {
            RevocationReason::Unspecified => 0,
            RevocationReason::KeyCompromise => 1,
            RevocationReason::CaCompromise => 2,
            RevocationReason::AffiliationChanged => 3,
            RevocationReason::Superseded => 4,
            RevocationReason::CessationOfOperation => 5,
            RevocationReason::CertificateHold => 6,
            RevocationReason::RemoveFromCrl => 8,
            RevocationReason::PrivilegeWithdrawn => 9,
            RevocationReason::AaCompromise => 10,
        }
    }

    /// The standard's own word, such as `keyCompromise`.
    pub fn name(self) -> &'static str {
        match self {
            RevocationReason::Unspecified => "unspecified",
            RevocationReason::KeyCompromise => "keyCompromise",
            RevocationReason::CaCompromise => "cACompromise",
            RevocationReason::AffiliationChanged => "affiliationChanged",
            RevocationReason::Superseded => "superseded",
            RevocationReason::CessationOfOperation => "cessationOfOperation",
            RevocationReason::CertificateHold => "certificateHold",
            RevocationReason::RemoveFromCrl => "removeFromCRL",
            RevocationReason::PrivilegeWithdrawn => "privilegeWithdrawn",
            RevocationReason::AaCompromise => "aACompromise",
        }
    }

    /// The reason of this name, small and capital letters alike.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.name().eq_ignore_ascii_case(name))
    }
}

/// A revoked certificate on a list.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CrlEntry {
    /// The serial number's octets, most significant first.
    pub serial: Vec<u8>,
    /// When it was revoked, Unix time.
    pub at: i64,
    /// Why; `None` leaves the extension out.
    pub reason: Option<RevocationReason>,
    /// `invalidityDate`: since when the key is suspected, Unix time.
    pub invalid_since: Option<i64>,
    /// The certificate whose issuer issued this one: for indirect lists (`certificateIssuer`).
    pub issued_beside: Option<Vec<u8>>,
    /// Further extensions of the entry.
    pub extra: Vec<ExtraExtension>,
}

impl CrlEntry {
    /// A certificate revoked at `at`, without a reason.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when `certificate` holds none.
    pub fn new(certificate: &Issued, at: i64) -> Result<Self, SandboxError> {
        let serial = Facts::of(&certificate.certificate_der)?.serial;
        Ok(Self::of_serial(serial, at))
    }

    /// The same by serial number.
    pub fn of_serial(serial: Vec<u8>, at: i64) -> Self {
        CrlEntry {
            serial,
            at,
            reason: None,
            invalid_since: None,
            issued_beside: None,
            extra: Vec::new(),
        }
    }

    /// With a reason.
    #[must_use]
    pub fn because(self, reason: RevocationReason) -> Self {
        CrlEntry {
            reason: Some(reason),
            ..self
        }
    }

    fn to_der(&self) -> Result<Vec<u8>, SandboxError> {
        let mut extensions = Vec::new();
        if let Some(reason) = self.reason {
            let value = asn1::enumerated(reason.number());
            extensions.push(asn1::extension("2.5.29.21", false, &value)?);
        }
        if let Some(since) = self.invalid_since {
            let value = asn1::generalized_time(since)?;
            extensions.push(asn1::extension("2.5.29.24", false, &value)?);
        }
        if let Some(certificate) = &self.issued_beside {
            let issuer = Facts::of(certificate)?.issuer;
            let names = asn1::sequence(&[asn1::context(4, &issuer)]);
            extensions.push(asn1::extension("2.5.29.29", true, &names)?);
        }
        push_extra(&mut extensions, &self.extra)?;
        let mut fields = vec![asn1::unsigned(&self.serial), asn1::time(self.at)?];
        if !extensions.is_empty() {
            fields.push(asn1::sequence(&extensions));
        }
        Ok(asn1::sequence(&fields))
    }
}

/// The members of `issuingDistributionPoint` (RFC 5280 §5.2.5), which says what a list is about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CrlScope {
    /// The addresses of the distribution point; empty leaves the name out.
    pub addresses: Vec<String>,
    /// `onlyContainsUserCerts`.
    pub only_users: bool,
    /// `onlyContainsCACerts`.
    pub only_authorities: bool,
    /// `onlySomeReasons`: the bits of `ReasonFlags` (1 for `keyCompromise` and so on).
    pub only_reasons: Option<Vec<u8>>,
    /// `indirectCRL`.
    pub indirect: bool,
    /// `onlyContainsAttributeCerts`.
    pub only_attributes: bool,
}

impl CrlScope {
    fn to_der(&self) -> Vec<u8> {
        let mut fields = Vec::new();
        if !self.addresses.is_empty() {
            let names = self
                .addresses
                .iter()
                .map(|address| asn1::context_primitive(6, address.as_bytes()));
            let full = asn1::context(0, &names.collect::<Vec<_>>().concat());
            fields.push(asn1::context(0, &full));
        }
        let flag = |number| asn1::context_primitive(number, &[0xff]);
        if self.only_users {
            fields.push(flag(1));
        }
        if self.only_authorities {
            fields.push(flag(2));
        }
        if let Some(reasons) = &self.only_reasons {
            fields.push(asn1::named_bits(0x83, reasons));
        }
        if self.indirect {
            fields.push(flag(4));
        }
        if self.only_attributes {
            fields.push(flag(5));
        }
        asn1::sequence(&fields)
    }
}

/// A list of revoked certificates, to be signed by whoever issues it. Nothing is checked: what
/// the recipe says is what is signed.
///
/// ```
/// use kyso_sandbox::{Authority, CrlEntry, CrlRecipe, OrganisationProfile, RevocationReason};
/// use kyso_sandbox::Settings;
///
/// let now = 1_767_225_600;
/// let authority = Authority::new(&Settings::quick(now))?;
/// let agency = authority.organisation(&OrganisationProfile::example())?;
/// let mut list = CrlRecipe::new(now, now + 7 * 86_400);
/// list.number = Some(1);
/// let entry = CrlEntry::new(&agency, now - 60)?;
/// list.entries.push(entry.because(RevocationReason::KeyCompromise));
/// let der = list.signed_by(&authority.issuing)?;
/// # assert!(!der.is_empty());
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CrlRecipe {
    /// `thisUpdate`, Unix time.
    pub this_update: i64,
    /// `nextUpdate`, Unix time; `None` leaves it out, which RFC 5280 forbids.
    pub next_update: Option<i64>,
    /// The revoked certificates.
    pub entries: Vec<CrlEntry>,
    /// `cRLNumber`.
    pub number: Option<u64>,
    /// `deltaCRLIndicator`: the number of the list that this one changes.
    pub changes: Option<u64>,
    /// `issuingDistributionPoint`, critical.
    pub scope: Option<CrlScope>,
    /// `expiredCertsOnCRL` (X.509 §9.5.2.8): certificates that ended since then stay listed.
    pub keeps_ended_since: Option<i64>,
    /// Whether `authorityKeyIdentifier` is written.
    pub authority_key_id: bool,
    /// How it is signed.
    pub scheme: Scheme,
    /// What the list says of how it is signed: an AlgorithmIdentifier, DER, that is not the
    /// scheme's.
    pub told_algorithm: Option<Vec<u8>>,
    /// Further extensions, appended as they are.
    pub extra: Vec<ExtraExtension>,
}

impl CrlRecipe {
    /// A full list without entries and without a number.
    pub fn new(this_update: i64, next_update: i64) -> Self {
        CrlRecipe {
            this_update,
            next_update: Some(next_update),
            entries: Vec::new(),
            number: None,
            changes: None,
            scope: None,
            keeps_ended_since: None,
            authority_key_id: true,
            scheme: Scheme::default(),
            told_algorithm: None,
            extra: Vec::new(),
        }
    }

    /// Draws the list and signs it with the key of `issuer`, whatever that one may sign. DER.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] or [`SandboxError::Key`] for what cannot be encoded.
    pub fn signed_by(&self, issuer: &Issued) -> Result<Vec<u8>, SandboxError> {
        let key = issuer.key()?;
        let facts = Facts::of(&issuer.certificate_der)?;
        let algorithm = match &self.told_algorithm {
            Some(told) => told.clone(),
            None => key.algorithm(self.scheme)?,
        };
        let mut fields = vec![
            asn1::integer(1),
            algorithm.clone(),
            facts.subject.clone(),
            asn1::time(self.this_update)?,
        ];
        if let Some(next) = self.next_update {
            fields.push(asn1::time(next)?);
        }
        if !self.entries.is_empty() {
            let entries = self.entries.iter().map(CrlEntry::to_der);
            fields.push(asn1::sequence(&entries.collect::<Result<Vec<_>, _>>()?));
        }
        let extensions = self.extensions(&facts)?;
        if !extensions.is_empty() {
            fields.push(asn1::context(0, &asn1::sequence(&extensions)));
        }
        let body = asn1::sequence(&fields);
        let signature = asn1::bit_string(&key.sign(self.scheme, &body)?);
        Ok(asn1::sequence(&[body, algorithm, signature]))
    }

    fn extensions(&self, issuer: &Facts) -> Result<Vec<Vec<u8>>, SandboxError> {
        let mut extensions = Vec::new();
        if self.authority_key_id {
            extensions.push(issuer.authority_key_id()?);
        }
        if let Some(number) = self.number {
            let value = asn1::integer(number);
            extensions.push(asn1::extension("2.5.29.20", false, &value)?);
        }
        if let Some(base) = self.changes {
            let value = asn1::integer(base);
            extensions.push(asn1::extension("2.5.29.27", true, &value)?);
        }
        if let Some(scope) = &self.scope {
            extensions.push(asn1::extension("2.5.29.28", true, &scope.to_der())?);
        }
        if let Some(since) = self.keeps_ended_since {
            let value = asn1::generalized_time(since)?;
            extensions.push(asn1::extension("2.5.29.60", false, &value)?);
        }
        push_extra(&mut extensions, &self.extra)?;
        Ok(extensions)
    }
}

/// Appends extensions given by their octets.
pub(crate) fn push_extra(
    extensions: &mut Vec<Vec<u8>>,
    extra: &[ExtraExtension],
) -> Result<(), SandboxError> {
    for each in extra {
        extensions.push(asn1::extension(&each.oid, each.critical, &each.value)?);
    }
    Ok(())
}
