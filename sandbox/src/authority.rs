//! The two authorities and the certificates they issue.
//!
//! The shape is that of the specialised government tree of 2018: a root, one issuing authority
//! with path length 0 under it, holders under that, and time-stamp signers directly under the
//! root. Only the names, the policy identifiers and the addresses are other ones.

use std::path::PathBuf;

use crate::error::SandboxError;
use crate::issued::Issued;
use crate::key::KeyKind;
use crate::name::{Attribute, SubjectName};
use crate::profile::{OrganisationProfile, PersonProfile};
use crate::recipe::{BasicConstraints, ExtraExtension, KeyUse, Recipe};
use crate::time_stamp::TIME_STAMP_POLICY;

/// The password of every PKCS#12 file that [`Authority::write_to`] writes. It hides nothing.
pub const PASSWORD: &str = "thu-nghiem";

/// What an authority is drawn with.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The present, in seconds since 1970; every validity is laid around it.
    pub now_unix: i64,
    /// The kind of the holders' keys.
    pub key: KeyKind,
    /// The kind of the authorities' keys.
    pub authority_key: KeyKind,
    /// Where the addresses in the certificates point, without a slash at the end. Nothing
    /// listens there unless the caller makes it.
    pub base_address: String,
}

impl Settings {
    /// RSA of 2048 bits throughout; half a second a key, built without optimisation.
    pub fn new(now_unix: i64) -> Self {
        Settings {
            now_unix,
            key: KeyKind::Rsa2048,
            authority_key: KeyKind::Rsa2048,
            base_address: "http://127.0.0.1:8085".to_owned(),
        }
    }

    /// Keys as under the national root of 2018, RSA of 3072 bits: to get signatures of true size.
    pub fn national(now_unix: i64) -> Self {
        Settings {
            key: KeyKind::Rsa3072,
            authority_key: KeyKind::Rsa3072,
            ..Settings::new(now_unix)
        }
    }

    /// P-256 throughout: for tests that want a key at once and do not care which.
    pub fn quick(now_unix: i64) -> Self {
        Settings {
            key: KeyKind::P256,
            authority_key: KeyKind::P256,
            ..Settings::new(now_unix)
        }
    }

    /// The same with other holders' keys.
    #[must_use]
    pub fn with_key(self, key: KeyKind) -> Self {
        Settings { key, ..self }
    }
}

/// A root and its issuing authority, with their keys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Authority {
    /// The self-signed root.
    pub root: Issued,
    /// The issuing authority under it; may sign end entities only.
    pub issuing: Issued,
    settings: Settings,
}

/// What [`Authority::write_to`] drew and wrote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Written {
    /// The example organisation; its files begin with `organisation`.
    pub organisation: Issued,
    /// The example person; its files begin with `person`.
    pub person: Issued,
    /// The time-stamp signer; its files begin with `time-stamper`.
    pub time_stamper: Issued,
    /// The OCSP responder; its files begin with `responder`.
    pub responder: Issued,
    /// Every file, in the order of writing.
    pub files: Vec<PathBuf>,
}

impl Authority {
    /// Draws a fresh root and issuing authority.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when `now_unix` lies before 1972 or where DER has no date.
    pub fn new(settings: &Settings) -> Result<Self, SandboxError> {
        let root = root_recipe(settings).self_signed()?;
        let issuing = issuing_recipe(settings).signed_by(&root)?;
        Ok(Authority {
            root,
            issuing,
            settings: settings.clone(),
        })
    }

    /// Issues an organisation's certificate.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] for text that its string type cannot hold.
    pub fn organisation(&self, profile: &OrganisationProfile) -> Result<Issued, SandboxError> {
        self.issue_custom(&self.organisation_recipe(profile))
    }

    /// Issues a person's certificate.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] for text that its string type cannot hold.
    pub fn person(&self, profile: &PersonProfile) -> Result<Issued, SandboxError> {
        self.issue_custom(&self.person_recipe(profile))
    }

    /// Issues a time-stamp signer's certificate (RFC 3161 §2.3), directly under the root as the
    /// government tree does it.
    ///
    /// # Errors
    /// [`SandboxError::Key`] when no key can be made.
    pub fn time_stamper(&self) -> Result<Issued, SandboxError> {
        self.time_stamper_recipe().signed_by(&self.root)
    }

    /// Issues an OCSP responder's certificate (RFC 6960 §4.2.2.2) under the issuing authority,
    /// about which nobody need ask.
    ///
    /// # Errors
    /// [`SandboxError::Key`] when no key can be made.
    pub fn responder(&self) -> Result<Issued, SandboxError> {
        self.issue_custom(&self.responder_recipe())
    }

    /// Issues what the recipe says, under the issuing authority, right or wrong. Under another
    /// one: [`Recipe::signed_by`].
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] for what DER cannot express.
    pub fn issue_custom(&self, recipe: &Recipe) -> Result<Issued, SandboxError> {
        recipe.signed_by(&self.issuing)
    }

    /// The recipe behind [`Authority::organisation`], to be spoilt by tests.
    pub fn organisation_recipe(&self, profile: &OrganisationProfile) -> Recipe {
        self.holder_recipe(profile.subject())
    }

    /// The recipe behind [`Authority::person`], to be spoilt by tests.
    pub fn person_recipe(&self, profile: &PersonProfile) -> Recipe {
        self.holder_recipe(profile.subject())
    }

    /// The recipe behind [`Authority::time_stamper`], to be spoilt by tests.
    pub fn time_stamper_recipe(&self) -> Recipe {
        let settings = &self.settings;
        let subject = authority_name("Máy chủ cấp dấu thời gian thử nghiệm kyso");
        let mut recipe = recipe(settings, subject, settings.key, 30 * DAY, 10 * YEAR);
        recipe.key_usage = vec![KeyUse::DigitalSignature, KeyUse::NonRepudiation];
        recipe.extended_key_usage = vec![TIME_STAMPING.to_owned()];
        recipe.extended_key_usage_critical = true;
        recipe.policies = vec![TIME_STAMP_POLICY.to_owned()];
        point_at(&mut recipe, settings, "root");
        recipe
    }

    /// The recipe behind [`Authority::responder`], to be spoilt by tests.
    pub fn responder_recipe(&self) -> Recipe {
        let settings = &self.settings;
        let subject = authority_name("Máy chủ OCSP thử nghiệm kyso");
        let mut recipe = recipe(settings, subject, settings.key, 30 * DAY, 5 * YEAR);
        recipe.key_usage = vec![KeyUse::DigitalSignature];
        recipe.extended_key_usage = vec![OCSP_SIGNING.to_owned()];
        recipe.extra = vec![ExtraExtension::ocsp_no_check()];
        recipe.ca_issuers = vec![format!("{}/issuing.crt", settings.base_address)];
        recipe
    }

    /// An authority whose parts were drawn earlier.
    pub fn from_parts(root: Issued, issuing: Issued, settings: &Settings) -> Self {
        Authority {
            root,
            issuing,
            settings: settings.clone(),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    fn holder_recipe(&self, subject: SubjectName) -> Recipe {
        let settings = &self.settings;
        let mut recipe = recipe(settings, subject, settings.key, 30 * DAY, 5 * YEAR);
        recipe.basic_constraints = Some(BasicConstraints::EndEntity);
        recipe.key_usage = vec![
            KeyUse::DigitalSignature,
            KeyUse::NonRepudiation,
            KeyUse::KeyEncipherment,
            KeyUse::DataEncipherment,
        ];
        recipe.extended_key_usage = [CLIENT_AUTHENTICATION, EMAIL_PROTECTION, SMART_CARD_LOGON]
            .map(str::to_owned)
            .to_vec();
        recipe.policies = vec![HOLDER_POLICY.to_owned()];
        recipe.practice_statement = Some(format!("{}/cps", settings.base_address));
        recipe.ocsp = vec![format!("{}/ocsp", settings.base_address)];
        point_at(&mut recipe, settings, "issuing");
        recipe
    }
}

fn root_recipe(settings: &Settings) -> Recipe {
    let subject = authority_name("RootCA thử nghiệm kyso (KHÔNG CÓ GIÁ TRỊ PHÁP LÝ)");
    let mut recipe = recipe(settings, subject, settings.authority_key, YEAR, 30 * YEAR);
    recipe.basic_constraints = Some(BasicConstraints::Authority { path_length: None });
    recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
    recipe
}

fn issuing_recipe(settings: &Settings) -> Recipe {
    let subject = authority_name("CA thử nghiệm kyso (KHÔNG CÓ GIÁ TRỊ PHÁP LÝ)");
    let mut recipe = recipe(settings, subject, settings.authority_key, YEAR, 20 * YEAR);
    recipe.basic_constraints = Some(BasicConstraints::Authority {
        path_length: Some(0),
    });
    recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
    recipe.policies = vec![HOLDER_POLICY.to_owned()];
    recipe.practice_statement = Some(format!("{}/cps", settings.base_address));
    point_at(&mut recipe, settings, "root");
    recipe
}

fn recipe(
    settings: &Settings,
    subject: SubjectName,
    key: KeyKind,
    before: i64,
    after: i64,
) -> Recipe {
    let now = settings.now_unix;
    Recipe::new(
        subject,
        key,
        now.saturating_sub(before),
        now.saturating_add(after),
    )
}

fn point_at(recipe: &mut Recipe, settings: &Settings, issuer: &str) {
    recipe.ca_issuers = vec![format!("{}/{issuer}.crt", settings.base_address)];
    recipe.crl = vec![format!("{}/{issuer}.crl", settings.base_address)];
}

fn authority_name(common_name: &str) -> SubjectName {
    SubjectName::new()
        .with(Attribute::Country, "VN")
        .with(Attribute::Organisation, "Tổ chức thử nghiệm kyso")
        .with(Attribute::CommonName, common_name)
}

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

// The arc 32473 is reserved for examples (RFC 5612); the national policies are under 2.16.704.
const HOLDER_POLICY: &str = "1.3.6.1.4.1.32473.704.1.1.1.1.1";

const CLIENT_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.2";
const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
const SMART_CARD_LOGON: &str = "1.3.6.1.4.1.311.20.2.2";
