//! The signing certificate, its path, its validity, and algorithms.

use kyso::path::PathInputs;
use kyso::{Certificate, Policy, Time, TrustStore, Verifier};
use kyso_sandbox::{
    Attribute, Authority, BasicConstraints, ExtraExtension, Hash, Issued, KeyKind, KeySource,
    KeyUse, PersonProfile, Recipe, Scheme, Settings, SubjectName,
};

use super::der::{sequence, tlv};
use super::{Case, DAY, NOW, World, case, finished, no_status, plain, signed, world};
use crate::common::{Folder, data, have, openssl};

pub(super) fn cases() -> Vec<Case> {
    let mut all = paths();
    all.extend(periods());
    all.extend(algorithms());
    all.extend(national());
    all
}

fn person(change: impl FnOnce(&mut Recipe)) -> Recipe {
    let mut recipe = world().authority.person_recipe(&PersonProfile::example());
    change(&mut recipe);
    recipe
}

/// An authority under the root that `change` spoils.
fn authority(name: &str, issuer: &Issued, change: impl FnOnce(&mut Recipe)) -> Issued {
    let subject = SubjectName::new()
        .with(Attribute::Country, "VN")
        .with(Attribute::CommonName, name);
    let mut recipe = Recipe::new(subject, KeyKind::P256, NOW - 300 * DAY, NOW + 3_000 * DAY);
    recipe.basic_constraints = Some(BasicConstraints::Authority { path_length: None });
    recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
    change(&mut recipe);
    recipe.signed_by(issuer).unwrap()
}

fn paths() -> Vec<Case> {
    let world = world();
    let root = &world.authority.root;
    let judged = |holder: &Issued, others: &[&Issued]| {
        let file = signed(holder, |recipe| {
            let others = others.iter().map(|other| other.certificate_der.clone());
            recipe.certificates.extend(others);
        });
        world.judge().verify(&file)
    };
    let below = |authority: &Issued| {
        let holder = person(|_| {}).signed_by(authority).unwrap();
        judged(&holder, &[authority])
    };
    let issued = |change: fn(&mut Recipe)| {
        let holder = world.authority.issue_custom(&person(change)).unwrap();
        judged(&holder, &[])
    };
    let file = plain(world);
    // An authority of the same name with another key, whose root is trusted.
    let namesake = Authority::new(&Settings::quick(NOW)).unwrap();
    let unkeyed = world
        .authority
        .issue_custom(&person(|recipe| recipe.authority_key_id = false))
        .unwrap();
    let forged = world
        .judge()
        .with(|judge| {
            let root = namesake.root.certificate_pem();
            judge.trust = Some(TrustStore::from_pem(root.as_bytes()).unwrap());
            judge.issuing = Some(namesake.issuing.certificate_der.clone());
        })
        .verify(&signed(&unkeyed, |_| {}));
    let by_person = person(|_| {}).signed_by(&world.person).unwrap();
    let sub = authority("CA bên dưới", &world.authority.issuing, |_| {});
    // permitted [0]: directory names under C=US.
    let country = sequence(&[&[0x06, 0x03, 0x55, 0x04, 0x06], &tlv(0x13, b"US")]);
    let name = sequence(&[&tlv(0x31, &country)]);
    let subtree = sequence(&[&tlv(0xa4, &name)]);
    let constrained = authority("CA trong phạm vi hẹp", root, |recipe| {
        recipe.extra.push(ExtraExtension {
            oid: "2.5.29.30".to_owned(),
            critical: true,
            value: sequence(&[&tlv(0xa0, &subtree)]),
        });
    });
    let demanding = authority("CA đòi chính sách", root, |recipe| {
        recipe.extra.push(ExtraExtension {
            oid: "2.5.29.36".to_owned(),
            critical: true,
            value: sequence(&[&[0x80, 0x01, 0x00]]),
        });
    });
    vec![
        case(
            "trust-store-empty",
            world.judge().with(|judge| judge.trust = None).verify(&file),
        ),
        case(
            "authority-removed",
            world
                .judge()
                .with(|judge| {
                    let sha256 = super::certificate(root).sha256();
                    judge.trust = Some(world.trust().without(sha256));
                })
                .verify(&file),
        ),
        case(
            "issuer-not-found",
            world
                .judge()
                .with(|judge| judge.issuing = None)
                .verify(&file),
        ),
        case("certificate-forged", forged),
        case("issued-by-a-person", judged(&by_person, &[&world.person])),
        case(
            "issuer-without-key-cert-sign",
            below(&authority("CA thiếu quyền", root, |recipe| {
                recipe.key_usage = vec![KeyUse::CrlSign];
            })),
        ),
        case("path-too-long", below(&sub)),
        case(
            "issuer-ended",
            below(&authority("CA đã hết hạn", root, |recipe| {
                recipe.not_after = NOW - DAY;
            })),
        ),
        case("name-not-permitted", below(&constrained)),
        case("no-certificate-policy", below(&demanding)),
        case(
            "certificate-unknown-critical",
            issued(|recipe| recipe.extra.push(ExtraExtension::unknown_critical())),
        ),
        case(
            "certificate-malformed",
            issued(|recipe| {
                let twice = ExtraExtension {
                    oid: "1.3.6.1.4.1.32473.1.1".to_owned(),
                    critical: false,
                    value: vec![0x05, 0x00],
                };
                recipe.extra.extend([twice.clone(), twice]);
            }),
        ),
        case(
            "signer-is-a-web-server",
            issued(|recipe| recipe.extended_key_usage = vec!["1.3.6.1.5.5.7.3.1".to_owned()]),
        ),
    ]
}

fn periods() -> Vec<Case> {
    let world = world();
    let holder = |change: fn(&mut Recipe)| world.authority.issue_custom(&person(change)).unwrap();
    let with_stamp = |holder: &Issued| {
        finished(
            holder,
            |_, _| {},
            |signed| {
                let token = world.stamp(signed.signature(), |_| {});
                signed.time_stamped(token)
            },
        )
    };
    let ended = holder(|recipe| recipe.not_after = NOW - DAY);
    let ends_soon = holder(|recipe| recipe.not_after = NOW + DAY);
    let not_begun = holder(|recipe| recipe.not_before = NOW + DAY / 2);
    let after_the_end = finished(
        &ended,
        |protected, recipe| {
            recipe
                .content_time_stamps
                .push(world.stamp(protected, |_| {}));
        },
        |signed| signed,
    );
    vec![
        case(
            "signer-ended",
            world.judge().verify(&signed(&ended, |_| {})),
        ),
        case(
            "signer-ended-after-stamp",
            world
                .judge()
                .with(|judge| judge.after = 3 * DAY)
                .verify(&with_stamp(&ends_soon)),
        ),
        case("signed-after-the-end", world.judge().verify(&after_the_end)),
        case(
            "stamped-before-the-begin",
            world.judge().verify(&with_stamp(&not_begun)),
        ),
    ]
}

fn algorithms() -> Vec<Case> {
    let world = world();
    let sha1 = |recipe: &mut kyso_sandbox::CmsRecipe, protected: &[u8]| {
        recipe.hash = Hash::Sha1;
        recipe.digest = Hash::Sha1.of(protected);
        recipe.scheme = Scheme::Usual(Hash::Sha1);
    };
    let weak = finished(
        &world.person,
        |protected, recipe| sha1(recipe, protected),
        |signed| signed,
    );
    let proven = finished(
        &world.person,
        |protected, recipe| {
            sha1(recipe, protected);
            recipe
                .content_time_stamps
                .push(world.stamp(protected, |_| {}));
        },
        |signed| signed,
    );
    // June of 2016, judged three years later.
    let old = World::at(1_464_739_200);
    let in_time = finished(
        &old.person,
        |protected, recipe| sha1(recipe, protected),
        |signed| {
            let token = old.stamp(signed.signature(), |_| {});
            signed.time_stamped(token)
        },
    );
    // June of 2022, judged a year later.
    let imprinted = World::at(1_654_041_600);
    let by_sha1 = finished(
        &imprinted.person,
        |_, _| {},
        |signed| {
            let value = signed.signature();
            let recipe = kyso_sandbox::TimeStampRecipe::over(Hash::Sha1, value, imprinted.now);
            let token = recipe.signed_by(&imprinted.tsa).unwrap();
            signed.time_stamped(token)
        },
    );
    // June of 2029.
    let later = World::at(1_875_000_000);
    let rsa = |world: &World| {
        let mut recipe = world.authority.person_recipe(&PersonProfile::example());
        recipe.key = KeySource::Fresh(KeyKind::Rsa2048);
        world.authority.issue_custom(&recipe).unwrap()
    };
    let (now_rsa, later_rsa) = (rsa(world), rsa(&later));
    let years = |count: i64| count * 365 * DAY;
    let strict = Policy::named("circular-15-2025-strict").unwrap();
    let mut all = vec![
        case("signed-with-sha1", world.judge().verify(&weak)),
        case(
            "signed-with-sha1-after-stamp",
            world.judge().verify(&proven),
        ),
        case(
            "sha1-stamped-in-time",
            old.judge()
                .with(|judge| {
                    judge.after = years(3);
                    judge.policy = no_status();
                })
                .verify(&in_time),
        ),
        case(
            "stamp-by-sha1-of-2022",
            imprinted
                .judge()
                .with(|judge| {
                    judge.after = years(1);
                    judge.policy = no_status();
                })
                .verify(&by_sha1),
        ),
        case(
            "rsa-2048-after-2028",
            later.judge().verify(&signed(&later_rsa, |_| {})),
        ),
        case("rsa-pkcs1", world.judge().verify(&signed(&now_rsa, |_| {}))),
        case(
            "rsa-pkcs1-refused",
            world
                .judge()
                .with(|judge| judge.policy = strict)
                .verify(&signed(&now_rsa, |_| {})),
        ),
    ];
    all.push(Case {
        name: "rsa-1024",
        found: have("openssl").then(|| {
            let folder = Folder::new();
            let (pem, key) = (folder.path("key.pem"), folder.path("key.der"));
            openssl(
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024",
                &[("-out", &pem)],
            );
            openssl(
                "pkcs8 -topk8 -nocrypt -outform DER",
                &[("-in", &pem), ("-out", &key)],
            );
            let key = std::fs::read(key).unwrap();
            let recipe = person(|recipe| recipe.key = KeySource::Same(key));
            let holder = world.authority.issue_custom(&recipe).unwrap();
            crate::all(&world.judge().verify(&signed(&holder, |_| {})))
        }),
    });
    all
}

/// What only the certificates of the national trees show, which the program knows by their
/// fingerprints.
fn national() -> Vec<Case> {
    let at: Time = "2026-11-22T09:00:00+07:00".parse().unwrap();
    let pki = |name: &str| data(&format!("vn-pki/{name}"));
    let of_another_purpose = || {
        let root = pki("neac-2026-root-ema.pem")?;
        let certificate = Certificate::many_from_pem_or_der(&root).ok()?.remove(0);
        let verifier = Verifier::new(at).trust(TrustStore::from_pem(&root).ok()?);
        let report = verifier.certificate(&certificate, &PathInputs::default());
        Some(report.reasons.iter().map(crate::found).collect())
    };
    let of_2008 = || {
        let file = data("vn-pdf/gov-nd-57-2022.pdf")?;
        let anchors = [pki("vgca-g1-root.pem")?, pki("vgca-g1-cp.pem")?];
        let trust = TrustStore::from_bytes_many(&anchors).ok()?;
        Some(crate::all(&Verifier::new(at).trust(trust).verify(&file)))
    };
    vec![
        Case {
            name: "anchor-of-another-purpose",
            found: of_another_purpose(),
        },
        Case {
            name: "national-ca-of-2008",
            found: of_2008(),
        },
    ]
}
