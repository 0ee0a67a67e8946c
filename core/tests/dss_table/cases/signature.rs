//! Algorithms, attributes, broken signatures, several in one file, and the older form.

use kyso_sandbox::{CertificateReference, CmsAttribute, Hash, Scheme, SignerName};

use crate::case::{Case, Level, Stamp};
use crate::cases::{SAID, WEEK, Word, all_good, authorities_good, good, good_at, revoked, tlv};
use crate::world::{DAY, SIGNED, world};

pub(super) fn algorithms(cases: &mut Vec<Case>) {
    let world = world();
    for level in [Level::B, Level::T, Level::Lta] {
        for (who, signer, schemes) in [
            (
                "ec",
                &world.signer,
                &[Scheme::Usual as fn(Hash) -> Scheme][..],
            ),
            ("rsa", &world.rsa, &[Scheme::Usual, Scheme::Pss]),
            ("short-rsa", &world.rsa_short, &[Scheme::Usual, Scheme::Pss]),
        ] {
            for scheme in schemes {
                for hash in Hash::ALL {
                    let scheme = scheme(hash);
                    let is_pss = matches!(scheme, Scheme::Pss(_));
                    // The salt and hash of SHA-512 leave no room in 1024 bits.
                    if is_pss && who == "short-rsa" && hash != Hash::Sha256 {
                        continue;
                    }
                    if level == Level::Lta && !matches!(hash, Hash::Sha1 | Hash::Sha256) {
                        continue;
                    }
                    let padding = if is_pss { "-pss" } else { "" };
                    let mut case = Case::new(world, level, signer).evidence(all_good());
                    case.hash = hash;
                    case.scheme = Some(scheme);
                    let name = format!("algorithm/{}/{who}{padding}/{hash:?}", level.name());
                    cases.push(case.named(name.to_lowercase()));
                }
            }
        }
        let case = Case::new(world, level, &world.sha1_signed).evidence(all_good());
        cases.push(case.named(format!("algorithm/{}/certified-by-sha-1", level.name())));
    }
    // In the years of SHA-1, by the word of a time-stamp of then: nobody's certificate is so old
    // here, so that the time lies before everything.
    let mut mixed = good(Level::B);
    mixed.hash = Hash::Sha256;
    mixed.scheme = Some(Scheme::Usual(Hash::Sha512));
    cases.push(mixed.named("algorithm/hashes-differ"));
}

/// Algorithms that ended, by the word of time-stamps from before and after.
pub(super) fn history(cases: &mut Vec<Case>) {
    let world = world();
    // Noon of 1 July of the year.
    let summer = |year: i64| 1_372_680_000 + (year - 2013) * 365 * DAY;
    for hash in [Hash::Sha1, Hash::Sha224, Hash::Sha256] {
        let old = || {
            let mut case = Case::new(world, Level::B, &world.veteran).evidence(all_good());
            case.hash = hash;
            case.scheme = Some(Scheme::Usual(hash));
            case
        };
        for year in [2013, 2015, 2020, 2026] {
            let time = summer(year).min(SIGNED);
            let mut push = |what: &str, mut case: Case| {
                case.claimed = Some(time);
                let name = format!("history/{what}/{hash:?}/{year}");
                cases.push(case.named(name.to_lowercase()));
            };
            let mut case = old();
            case.stamps = vec![Stamp::new(&world.tsa_veteran, time)];
            push("stamped", case);
            let mut case = old();
            case.document_stamps = vec![Stamp::new(&world.tsa_veteran, time)];
            push("sealed", case);
            let mut case = old();
            case.content_stamps = vec![Stamp::new(&world.tsa_veteran, time)];
            push("content", case);
            push("claimed", old());
            let mut case = old();
            case.hash = Hash::Sha256;
            case.scheme = None;
            let mut stamp = Stamp::new(&world.tsa_veteran, time);
            stamp.hash = hash;
            case.stamps = vec![stamp];
            push("imprint", case);
        }
    }
}

pub(super) fn broken(cases: &mut Vec<Case>) {
    let world = world();
    for level in [Level::B, Level::T, Level::Lta] {
        let mut push = |name: &str, case: Case| {
            cases.push(case.named(format!("broken/{}/{name}", level.name())));
        };
        let mut byte = good(level);
        byte.spoil = Box::new(|octets| {
            // In the page's text: the first stream of the file.
            let at = find(octets, b"stream") + 20;
            octets[at] ^= 1;
        });
        push("changed-byte", byte);
        push(
            "message-digest",
            good(level).changed(|recipe| recipe.digest[0] ^= 1),
        );
        push(
            "message-digest-of-other-length",
            good(level).changed(|recipe| recipe.digest.truncate(20)),
        );
        push(
            "value",
            good(level).finished(|signed| {
                let mut value = signed.signature().to_vec();
                let last = value.len() - 1;
                value[last] ^= 1;
                signed.with_signature(value)
            }),
        );
        push(
            "empty-value",
            good(level).finished(|signed| signed.with_signature(Vec::new())),
        );
        let mut half = good(level);
        half.spoil = Box::new(|octets| {
            let hole = find(octets, b"/Contents <") + b"/Contents <".len();
            for digit in &mut octets[hole + 600..] {
                if *digit == b'>' {
                    break;
                }
                *digit = b'0';
            }
        });
        push("cut-in-half", half);
        let mut dark = good(level);
        dark.spoil = Box::new(|octets| {
            let hole = find(octets, b"/Contents <") + b"/Contents <".len();
            octets[hole..hole + 8].copy_from_slice(b"31808080");
        });
        push("no-cms", dark);
        // Revoked and broken: what the cryptography says comes first.
        let before = revoked(SIGNED - 10 * DAY, None).list(&world.signer, &world.issuing);
        push(
            "message-digest-and-revoked",
            Case::new(world, level, &world.signer)
                .evidence(authorities_good())
                .crl(before)
                .changed(|recipe| recipe.digest[0] ^= 1),
        );
        push("value-of-nobody", {
            let mut case = Case::new(world, level, &world.stranger_signer);
            case.chain = vec![&world.stranger];
            case.evidence(all_good()).finished(|signed| {
                let mut value = signed.signature().to_vec();
                let last = value.len() - 1;
                value[last] ^= 1;
                signed.with_signature(value)
            })
        });
    }
}

pub(super) fn attributes(cases: &mut Vec<Case>) {
    let world = world();
    for level in [Level::B, Level::T] {
        let mut push = |name: &str, case: Case| {
            cases.push(case.named(format!("attribute/{}/{name}", level.name())));
        };
        let other = world.rsa.certificate_der.clone();
        push(
            "names-another",
            good(level).changed(move |recipe| {
                recipe.reference = CertificateReference::ToAnother(other.clone());
            }),
        );
        push(
            "names-nobody",
            good(level).changed(|recipe| recipe.reference = CertificateReference::Absent),
        );
        push(
            "names-by-sha-1",
            good(level).changed(|recipe| recipe.reference = CertificateReference::V1),
        );
        for hash in Hash::ALL {
            push(
                &format!("names-by-{hash:?}").to_lowercase(),
                good(level).changed(move |recipe| {
                    recipe.reference = CertificateReference::V2(hash);
                }),
            );
        }
        let hash = Hash::Sha256.of(&world.signer.certificate_der);
        push(
            "names-other-serial",
            good(level).changed(move |recipe| {
                let name = tlv(
                    0x30,
                    &tlv(0x31, &tlv(0x30, b"\x06\x03\x55\x04\x03\x0c\x01x")),
                );
                let names = tlv(0x30, &tlv(0xa4, &name));
                let serial = tlv(0x30, &[names, tlv(0x02, &[9])].concat());
                let id = tlv(0x30, &[tlv(0x04, &hash), serial].concat());
                let value = tlv(0x30, &tlv(0x30, &id));
                recipe.reference = CertificateReference::Absent;
                let attribute = CmsAttribute::new("1.2.840.113549.1.9.16.2.47", value);
                recipe.extra.push(attribute);
            }),
        );
        push(
            "signer-by-key",
            good(level).changed(|recipe| recipe.signer_name = SignerName::KeyId),
        );
        push(
            "without-certificate",
            good(level).changed(|recipe| recipe.own_certificate = false),
        );
        let own = world.signer.certificate_der.clone();
        let mut beside = good(level).changed(|recipe| recipe.own_certificate = false);
        beside.evidence.certificates.push(own);
        push("certificate-beside", beside);
        push(
            "none",
            good(level).changed(|recipe| recipe.signed_attributes = false),
        );
        push(
            "signing-time-in-cms",
            good(level).changed(|recipe| recipe.signing_time = Some(SIGNED)),
        );
        push(
            "unknown",
            good(level).changed(|recipe| {
                let value = vec![0x05, 0x00];
                recipe
                    .extra
                    .push(CmsAttribute::new("1.3.6.1.4.1.32473.1.98", value));
            }),
        );
        push(
            "unknown-in-ber",
            good(level).changed(|recipe| {
                let value = vec![0x04, 0x81, 0x01, 0x00];
                recipe
                    .extra
                    .push(CmsAttribute::new("1.3.6.1.4.1.32473.1.98", value));
            }),
        );
        push(
            "content-type-is-another",
            good(level).changed(|recipe| {
                recipe.content_type = "1.3.6.1.4.1.32473.1.97".to_owned();
            }),
        );
        push(
            "content-inside",
            good(level).changed(|recipe| recipe.content = Some(b"inside".to_vec())),
        );
    }
}

pub(super) fn several_signatures(cases: &mut Vec<Case>) {
    let world = world();
    let fine = |level| Case::new(world, level, &world.signer);
    let gone = revoked(SIGNED - DAY, None).list(&world.rsa, &world.issuing);
    let later = revoked(SIGNED + DAY, None).list(&world.rsa, &world.issuing);
    for first in [Level::B, Level::T, Level::D] {
        for second in [Level::B, Level::T, Level::D] {
            let name = format!("two/{}-{}", first.name(), second.name());
            let mut case = fine(first).evidence(all_good());
            case.then = vec![Case::new(world, second, &world.rsa)];
            cases.push(case.named(format!("{name}/good")));
            for (when, list) in [("before", &gone), ("after", &later)] {
                let mut case = fine(first).evidence(authorities_good()).crl(list.clone());
                case.then = vec![Case::new(world, second, &world.rsa)];
                cases.push(case.named(format!("{name}/second-revoked-{when}")));
                let mut case = Case::new(world, first, &world.rsa);
                case.then = vec![fine(second)];
                let case = case.evidence(authorities_good()).crl(list.clone());
                cases.push(case.named(format!("{name}/first-revoked-{when}")));
            }
            let mut case = fine(first).evidence(all_good());
            let broken =
                Case::new(world, second, &world.rsa).changed(|recipe| recipe.digest[0] ^= 1);
            case.then = vec![broken];
            cases.push(case.named(format!("{name}/second-broken")));
            let mut case = fine(first)
                .evidence(all_good())
                .changed(|recipe| recipe.digest[0] ^= 1);
            case.then = vec![Case::new(world, second, &world.rsa)];
            cases.push(case.named(format!("{name}/first-broken")));
            let mut case = Case::new(world, first, &world.ended).evidence(good_at(SIGNED + DAY));
            case.then = vec![fine(second)];
            cases.push(
                case.evidence(all_good())
                    .named(format!("{name}/first-ended")),
            );
        }
    }
}

/// `adbe.pkcs7.detached`, of the state's older tools, with a name for the certificate.
pub(super) fn older_form(cases: &mut Vec<Case>) {
    let world = world();
    for level in Level::ALL {
        let before = revoked(SIGNED - 10 * DAY, None);
        let after = revoked(SIGNED + 10 * DAY, None);
        for (name, signer, word) in [
            (
                "good",
                &world.signer,
                Word::Good {
                    at: SAID,
                    valid: WEEK,
                },
            ),
            ("revoked-before", &world.signer, before),
            ("revoked-after", &world.signer, after),
            (
                "ended",
                &world.ended,
                Word::Good {
                    at: SIGNED + DAY,
                    valid: 200 * DAY,
                },
            ),
        ] {
            let mut case = Case::new(world, level, signer)
                .evidence(authorities_good())
                .crl(word.list(signer, &world.issuing))
                .changed(|recipe| recipe.signing_time = Some(SIGNED));
            case.sub_filter = "adbe.pkcs7.detached";
            cases.push(case.named(format!("older-form/{}/{name}", level.name())));
        }
    }
}

fn find(octets: &[u8], text: &[u8]) -> usize {
    let mut windows = octets.windows(text.len());
    windows.position(|window| window == text).unwrap()
}
