//! The table: every case by its name.
//!
//! The names tell what is crossed: signer, level, source of the word and the word, in this order;
//! the other groups say what is wrong, or odd, about one part.

mod evidence;
mod paths;
mod signature;
mod stamps;
mod times;
mod words;

use kyso_sandbox::{CrlEntry, CrlRecipe, Issued, OcspRecipe, OcspStatus, RevocationReason};

use crate::case::{Case, Evidence, Level};
use crate::world::{DAY, HOUR, NOW, REASONS, SIGNED, world};

/// Every case.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    words::words_about_the_signer(&mut cases);
    words::words_about_the_authority(&mut cases);
    words::words_about_the_stamper(&mut cases);
    words::several_words(&mut cases);
    paths::periods(&mut cases);
    paths::paths(&mut cases);
    paths::keys_and_depth(&mut cases);
    stamps::stampers(&mut cases);
    stamps::tokens(&mut cases);
    stamps::content_stamps(&mut cases);
    evidence::lists(&mut cases);
    evidence::responses(&mut cases);
    evidence::places(&mut cases);
    signature::algorithms(&mut cases);
    signature::history(&mut cases);
    signature::broken(&mut cases);
    signature::attributes(&mut cases);
    signature::several_signatures(&mut cases);
    signature::older_form(&mut cases);
    times::times(&mut cases);
    times::long_term(&mut cases);
    times::edges(&mut cases);
    cases
}

/// A word about a certificate, from whatever source.
#[derive(Clone, Copy, Debug)]
enum Word {
    /// Not revoked; said at this time, for so long.
    Good { at: i64, valid: i64 },
    /// Revoked; said a day before now.
    Revoked {
        at: i64,
        reason: Option<RevocationReason>,
    },
}

const WEEK: i64 = 7 * DAY;
/// The usual time of a word.
const SAID: i64 = NOW - DAY;

/// Words that a list and a response can both say.
fn words() -> Vec<(String, Word)> {
    let hold = Some(RevocationReason::CertificateHold);
    let good = |at, valid| Word::Good { at, valid };
    let mut words = vec![
        ("good".to_owned(), good(SAID, WEEK)),
        // Said between signing and the end of the certificate that has ended.
        ("good-soon-after".to_owned(), good(SIGNED + HOUR / 2, WEEK)),
        ("good-before".to_owned(), good(SIGNED - 2 * DAY, WEEK)),
        ("good-long-before".to_owned(), good(SIGNED - 30 * DAY, WEEK)),
        (
            "good-for-long".to_owned(),
            good(SIGNED - 2 * DAY, 200 * DAY),
        ),
        ("good-in-future".to_owned(), good(NOW + DAY, WEEK)),
        ("held-before".to_owned(), revoked(SIGNED - 10 * DAY, hold)),
        ("held-after".to_owned(), revoked(SIGNED + 10 * DAY, hold)),
    ];
    for (when, at) in [("before", SIGNED - 10 * DAY), ("after", SIGNED + 10 * DAY)] {
        words.push((format!("revoked-{when}"), revoked(at, None)));
        for reason in REASONS {
            let word = revoked(at, Some(reason));
            words.push((format!("revoked-{when}-{}", reason.name()), word));
        }
    }
    words
}

/// Good, said a day before now, for a week.
fn fine() -> Word {
    Word::Good {
        at: SAID,
        valid: WEEK,
    }
}

fn revoked(at: i64, reason: Option<RevocationReason>) -> Word {
    Word::Revoked { at, reason }
}

impl Word {
    fn list(self, about: &Issued, issuer: &Issued) -> Vec<u8> {
        let recipe = match self {
            Word::Good { at, valid } => CrlRecipe::new(at, at + valid),
            Word::Revoked { at, reason } => {
                let mut entry = CrlEntry::new(about, at).unwrap();
                entry.reason = reason;
                let mut recipe = CrlRecipe::new(SAID, SAID + WEEK);
                recipe.entries.push(entry);
                recipe
            }
        };
        recipe.signed_by(issuer).unwrap()
    }

    fn response(self, about: &Issued, issuer: &Issued, responder: &Issued) -> Vec<u8> {
        let (status, at, until) = match self {
            Word::Good { at, valid } => (OcspStatus::Good, at, at + valid),
            Word::Revoked { at, reason } => (OcspStatus::Revoked { at, reason }, SAID, SAID + WEEK),
        };
        let mut recipe = OcspRecipe::about(about, issuer, status, at, until).unwrap();
        if responder.certificate_der != issuer.certificate_der {
            recipe.certificates.push(responder.certificate_der.clone());
        }
        recipe.signed_by(responder).unwrap()
    }
}

/// The usual word about everybody: fresh lists of the root and of the issuing authority.
fn all_good() -> Evidence {
    good_at(SAID)
}

fn good_at(at: i64) -> Evidence {
    Evidence {
        crls: vec![empty(&world().root, at), empty(&world().issuing, at)],
        ..Evidence::default()
    }
}

/// The usual word about everybody but holders.
fn authorities_good() -> Evidence {
    Evidence {
        crls: vec![empty(&world().root, SAID)],
        ..Evidence::default()
    }
}

fn empty(issuer: &Issued, at: i64) -> Vec<u8> {
    CrlRecipe::new(at, at + WEEK).signed_by(issuer).unwrap()
}

fn good(level: Level) -> Case {
    Case::new(world(), level, &world().signer).evidence(all_good())
}

/// One TLV of fewer than 65,536 octets, DER.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length = match length {
        [0, short @ 0..=0x7f] => vec![short],
        [0, short] => vec![0x81, short],
        long => [&[0x82], &long[..]].concat(),
    };
    [&[tag], &length[..], content].concat()
}
