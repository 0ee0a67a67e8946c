//! The authorities, holders and time-stamp servers of the table, drawn once: keys are cheap on
//! P-256, and few are of RSA.

use std::sync::OnceLock;

use kyso_sandbox::{
    Attribute, BasicConstraints, ExtraExtension, Issued, KeyKind, KeySource, KeyUse, Recipe,
    RevocationReason, Scheme, SubjectName,
};

/// 2 March 2026, 02:00 UTC: when everything is signed.
pub(crate) const SIGNED: i64 = 1_772_416_800;
/// 1 June 2026, 02:00 UTC: when it is judged, where a case says nothing else.
pub(crate) const NOW: i64 = 1_780_279_200;
pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// Everybody who signs anything.
pub(crate) struct World {
    pub(crate) root: Issued,
    /// A root that nobody trusts, and who stands under it.
    pub(crate) stranger: Issued,
    pub(crate) stranger_signer: Issued,
    pub(crate) stranger_tsa: Issued,
    pub(crate) issuing: Issued,
    /// The issuing authority under another key, and its holder.
    pub(crate) renewed: Issued,
    pub(crate) renewed_signer: Issued,
    /// An authority in the middle, one under it, and that one's holder.
    pub(crate) middle: Issued,
    pub(crate) lower: Issued,
    pub(crate) lower_signer: Issued,
    /// An issuing authority that ended between signing and now, and its holder.
    pub(crate) ended_issuing: Issued,
    pub(crate) ended_issuing_signer: Issued,
    /// An authority on short RSA, and its holder.
    pub(crate) short_issuing: Issued,
    pub(crate) short_issuing_signer: Issued,
    /// Certified as a mere subscriber, and who it certified all the same.
    pub(crate) no_authority: Issued,
    pub(crate) no_authority_signer: Issued,
    /// An authority without `keyCertSign`, and its holder.
    pub(crate) may_not_issue: Issued,
    pub(crate) may_not_issue_signer: Issued,
    /// An authority under one that allows none below it, and its holder.
    pub(crate) too_deep: Issued,
    pub(crate) too_deep_signer: Issued,

    pub(crate) signer: Issued,
    /// Ended between signing and now.
    pub(crate) ended: Issued,
    /// Began fourteen years ago.
    pub(crate) veteran: Issued,
    /// Began an hour before signing.
    pub(crate) young: Issued,
    /// Began between signing and now.
    pub(crate) later: Issued,
    /// Begins after now.
    pub(crate) future: Issued,
    pub(crate) rsa: Issued,
    pub(crate) rsa_short: Issued,
    /// Whose certificate was signed with SHA-1.
    pub(crate) sha1_signed: Issued,
    /// `keyEncipherment` alone.
    pub(crate) encipherer: Issued,
    /// Without any key usage.
    pub(crate) plain: Issued,
    /// With a critical extension that nobody knows.
    pub(crate) odd: Issued,

    pub(crate) tsa: Issued,
    /// Began fourteen years ago.
    pub(crate) tsa_veteran: Issued,
    /// Of the authority in the middle.
    pub(crate) tsa_deep: Issued,
    /// Ended between signing and now.
    pub(crate) tsa_ended: Issued,
    /// Had ended before signing.
    pub(crate) tsa_gone: Issued,
    /// Without the purpose of time-stamping.
    pub(crate) tsa_without_purpose: Issued,
    /// With the purpose, not critical.
    pub(crate) tsa_not_critical: Issued,
    /// With another purpose beside it.
    pub(crate) tsa_two_purposes: Issued,
    pub(crate) tsa_rsa: Issued,
    pub(crate) tsa_rsa_short: Issued,

    pub(crate) responder: Issued,
    /// Without `nocheck`.
    pub(crate) responder_asked: Issued,
    /// Without the purpose of OCSP.
    pub(crate) responder_without_purpose: Issued,
    /// Ended between signing and now.
    pub(crate) responder_ended: Issued,
    /// Of the root, not of the issuing authority.
    pub(crate) responder_of_root: Issued,
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::draw)
}

impl World {
    fn draw() -> Self {
        let root = authority("Root", None).self_signed().unwrap();
        let stranger = authority("Root of nobody", None).self_signed().unwrap();
        let issuing = authority("Issuing", Some(0)).signed_by(&root).unwrap();

        let renewed = authority("Issuing", Some(0)).signed_by(&root).unwrap();
        let middle = authority("Middle", Some(1)).signed_by(&root).unwrap();
        let lower = authority("Lower", Some(0)).signed_by(&middle).unwrap();
        let mut recipe = authority("Issuing ended", Some(0));
        recipe.not_after = SIGNED + 40 * DAY;
        let ended_issuing = recipe.signed_by(&root).unwrap();
        let mut recipe = authority("Issuing on short RSA", Some(0));
        recipe.key = KeySource::Same(short_rsa());
        let short_issuing = recipe.signed_by(&root).unwrap();
        let mut recipe = authority("No authority", None);
        recipe.basic_constraints = Some(BasicConstraints::EndEntity);
        let no_authority = recipe.signed_by(&root).unwrap();
        let mut recipe = authority("May not issue", None);
        recipe.key_usage = vec![KeyUse::CrlSign];
        let may_not_issue = recipe.signed_by(&root).unwrap();
        let too_deep = authority("Too deep", None).signed_by(&issuing).unwrap();

        let under_ended = |name| {
            let mut recipe = holder(name);
            recipe.not_after = SIGNED + 39 * DAY;
            recipe.signed_by(&ended_issuing).unwrap()
        };
        let issued = |name, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = holder(name);
            change(&mut recipe);
            recipe.signed_by(&issuing).unwrap()
        };
        let stamping = |name, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = time_stamper(name);
            change(&mut recipe);
            recipe.signed_by(&root).unwrap()
        };
        let responding = |name, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = responder(name);
            change(&mut recipe);
            recipe.signed_by(&issuing).unwrap()
        };
        World {
            ended_issuing_signer: under_ended("Signer under the ended"),
            short_issuing_signer: holder("Signer under short RSA")
                .signed_by(&short_issuing)
                .unwrap(),
            no_authority_signer: holder("Signer of none").signed_by(&no_authority).unwrap(),
            may_not_issue_signer: holder("Signer of one who may not")
                .signed_by(&may_not_issue)
                .unwrap(),
            too_deep_signer: holder("Signer too deep").signed_by(&too_deep).unwrap(),
            stranger_signer: holder("Signer of nobody").signed_by(&stranger).unwrap(),
            stranger_tsa: time_stamper("TSA of nobody").signed_by(&stranger).unwrap(),

            signer: issued("Signer", &|_| ()),
            ended: issued("Signer ended", &|recipe| {
                recipe.not_after = SIGNED + 30 * DAY;
            }),
            veteran: issued("Signer of long standing", &|recipe| {
                recipe.not_before = SIGNED - 14 * YEAR;
            }),
            young: issued("Signer young", &|recipe| {
                recipe.not_before = SIGNED - HOUR;
            }),
            later: issued("Signer later", &|recipe| {
                recipe.not_before = SIGNED + 30 * DAY;
            }),
            future: issued("Signer future", &|recipe| {
                recipe.not_before = NOW + 30 * DAY;
            }),
            rsa: issued("Signer on RSA", &|recipe| {
                recipe.key = KeySource::Fresh(KeyKind::Rsa2048);
            }),
            rsa_short: issued("Signer on short RSA", &|recipe| {
                recipe.key = KeySource::Same(short_rsa());
            }),
            sha1_signed: issued("Signer certified by SHA-1", &|recipe| {
                recipe.scheme = Scheme::Usual(kyso_sandbox::Hash::Sha1);
            }),
            encipherer: issued("Encipherer", &|recipe| {
                recipe.key_usage = vec![KeyUse::KeyEncipherment];
            }),
            plain: issued("Signer without usage", &|recipe| {
                recipe.key_usage.clear();
            }),
            odd: issued("Odd signer", &|recipe| {
                recipe.extra = vec![ExtraExtension::unknown_critical()];
            }),

            tsa: stamping("TSA", &|_| ()),
            tsa_veteran: stamping("TSA of long standing", &|recipe| {
                recipe.not_before = SIGNED - 14 * YEAR;
            }),
            tsa_ended: stamping("TSA ended", &|recipe| {
                recipe.not_after = SIGNED + 45 * DAY;
            }),
            tsa_gone: stamping("TSA gone", &|recipe| {
                recipe.not_after = SIGNED - 5 * DAY;
            }),
            tsa_without_purpose: stamping("TSA without purpose", &|recipe| {
                recipe.extended_key_usage.clear();
            }),
            tsa_not_critical: stamping("TSA not critical", &|recipe| {
                recipe.extended_key_usage_critical = false;
            }),
            tsa_two_purposes: stamping("TSA of two purposes", &|recipe| {
                recipe.extended_key_usage.push(EMAIL.to_owned());
            }),
            tsa_rsa: stamping("TSA on RSA", &|recipe| {
                recipe.key = KeySource::Fresh(KeyKind::Rsa2048);
            }),
            tsa_rsa_short: stamping("TSA on short RSA", &|recipe| {
                recipe.key = KeySource::Same(short_rsa());
            }),

            responder: responding("Responder", &|_| ()),
            responder_asked: responding("Responder to be asked about", &|recipe| {
                recipe.extra.clear();
            }),
            responder_without_purpose: responding("Responder without purpose", &|recipe| {
                recipe.extended_key_usage.clear();
            }),
            responder_ended: responding("Responder ended", &|recipe| {
                recipe.not_after = SIGNED + 35 * DAY;
            }),
            responder_of_root: responder("Responder of the root").signed_by(&root).unwrap(),

            tsa_deep: time_stamper("TSA deep").signed_by(&middle).unwrap(),
            renewed_signer: holder("Signer of the renewed").signed_by(&renewed).unwrap(),
            lower_signer: holder("Signer of the lower").signed_by(&lower).unwrap(),
            root,
            stranger,
            renewed,
            middle,
            lower,
            issuing,
            ended_issuing,
            short_issuing,
            no_authority,
            may_not_issue,
            too_deep,
        }
    }
}

fn name(common_name: &str) -> SubjectName {
    SubjectName::new()
        .with(Attribute::Country, "VN")
        .with(Attribute::Organisation, "Table")
        .with(Attribute::CommonName, common_name)
}

fn authority(common_name: &str, path_length: Option<u8>) -> Recipe {
    let (from, until) = (SIGNED - 15 * YEAR, SIGNED + 15 * YEAR);
    let mut recipe = Recipe::new(name(common_name), KeyKind::P256, from, until);
    recipe.basic_constraints = Some(BasicConstraints::Authority { path_length });
    recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
    recipe
}

fn holder(common_name: &str) -> Recipe {
    let (from, until) = (SIGNED - YEAR, SIGNED + 3 * YEAR);
    let mut recipe = Recipe::new(name(common_name), KeyKind::P256, from, until);
    recipe.basic_constraints = Some(BasicConstraints::EndEntity);
    recipe.key_usage = vec![KeyUse::DigitalSignature, KeyUse::NonRepudiation];
    recipe
}

fn time_stamper(common_name: &str) -> Recipe {
    let mut recipe = holder(common_name);
    recipe.not_after = SIGNED + 8 * YEAR;
    recipe.extended_key_usage = vec![TIME_STAMPING.to_owned()];
    recipe.extended_key_usage_critical = true;
    recipe
}

fn responder(common_name: &str) -> Recipe {
    let mut recipe = holder(common_name);
    recipe.key_usage = vec![KeyUse::DigitalSignature];
    recipe.extended_key_usage = vec![OCSP_SIGNING.to_owned()];
    recipe.extra = vec![ExtraExtension::ocsp_no_check()];
    recipe
}

/// RSA of 1024 bits, which nobody makes any longer: one key for all. PKCS#8 DER.
fn short_rsa() -> Vec<u8> {
    static KEY: OnceLock<Vec<u8>> = OnceLock::new();
    KEY.get_or_init(|| {
        let folder = crate::common::Folder::new();
        let (made, key) = (folder.path("made.pem"), folder.path("key.der"));
        let words = "genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024";
        crate::common::openssl(words, &[("-out", &made)]);
        let words = "pkcs8 -topk8 -nocrypt -outform DER";
        crate::common::openssl(words, &[("-in", &made), ("-out", &key)]);
        std::fs::read(key).unwrap()
    })
    .clone()
}

/// Every reason that a list may give for good.
pub(crate) const REASONS: [RevocationReason; 4] = [
    RevocationReason::KeyCompromise,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
const EMAIL: &str = "1.3.6.1.5.5.7.3.4";
