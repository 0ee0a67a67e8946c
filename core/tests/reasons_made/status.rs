//! The status of certificates, and time-stamps.

use kyso::Policy;
use kyso_sandbox::{
    Authority, CmsAttribute, CrlEntry, CrlRecipe, ExtraExtension, Hash, OcspRecipe, OcspStatus,
    PersonProfile, RevocationReason, Settings, TimeStampRecipe,
};

use super::{
    Case, DAY, HOUR, NOW, case, finished, no_status, plain, replaced, signed, stamped, world,
};

pub(super) fn cases() -> Vec<Case> {
    let mut all = status();
    all.extend(stamps());
    all
}

fn status() -> Vec<Case> {
    let world = world();
    let authority = &world.authority;
    let person = &world.person;
    let listed = |at: i64, reason: Option<RevocationReason>| {
        let entry = CrlEntry::new(person, at).unwrap();
        let entry = match reason {
            Some(reason) => entry.because(reason),
            None => entry,
        };
        world.list(&authority.issuing, vec![entry])
    };
    let judged = |list: Vec<u8>, file: &[u8]| {
        world
            .judge()
            .with(|judge| judge.issuing_list = Some(list))
            .verify(file)
    };
    let file = plain(world);
    let with_stamp = stamped(world, |_| {});
    let stale = CrlRecipe::new(NOW - 30 * DAY, NOW - 23 * DAY)
        .signed_by(&authority.issuing)
        .unwrap();
    let entry = CrlEntry::new(&authority.issuing, NOW - HOUR).unwrap();
    let issuer_revoked = world
        .judge()
        .with(|judge| judge.root_list = Some(world.list(&authority.root, vec![entry])))
        .verify(&file);
    let after_revocation = finished(
        person,
        |protected, recipe| {
            recipe
                .content_time_stamps
                .push(world.stamp(protected, |_| {}));
        },
        |signed| signed,
    );
    // A responder that has ended since, and nothing proves that its answer is older.
    let mut responder = authority.responder_recipe();
    responder.not_after = NOW + HOUR;
    let responder = authority.issue_custom(&responder).unwrap();
    let good = OcspStatus::Good;
    let mut answer =
        OcspRecipe::about(person, &authority.issuing, good, NOW + 60, NOW + DAY).unwrap();
    answer.certificates = vec![responder.certificate_der.clone()];
    let answer = answer.signed_by(&responder).unwrap();
    let namesake = Authority::new(&Settings::quick(NOW)).unwrap();
    vec![
        case(
            "status-not-asked",
            world
                .judge()
                .with(|judge| judge.policy = no_status())
                .verify(&file),
        ),
        case("status-stale", judged(stale, &file)),
        case("status-issued-after-end", issued_after_end()),
        case(
            "status-on-hold",
            judged(
                listed(NOW - HOUR, Some(RevocationReason::CertificateHold)),
                &file,
            ),
        ),
        case(
            "status-revoked",
            judged(
                listed(NOW - HOUR, Some(RevocationReason::KeyCompromise)),
                &file,
            ),
        ),
        case("issuer-revoked", issuer_revoked),
        case(
            "signed-after-revocation",
            judged(listed(NOW - DAY, None), &after_revocation),
        ),
        case(
            "revoked-after-stamp",
            judged(
                listed(NOW + 30, Some(RevocationReason::Superseded)),
                &with_stamp,
            ),
        ),
        case("status-signer-ended", judged(answer, &with_stamp)),
        case(
            "status-forged",
            judged(world.list(&namesake.issuing, Vec::new()), &file),
        ),
    ]
}

/// A certificate that ended after its time-stamp, and a list of still later.
fn issued_after_end() -> kyso::Report {
    let world = world();
    let mut recipe = world.authority.person_recipe(&PersonProfile::example());
    recipe.not_after = NOW + 30;
    let person = world.authority.issue_custom(&recipe).unwrap();
    let file = finished(
        &person,
        |_, _| {},
        |signed| {
            let token = world.stamp(signed.signature(), |_| {});
            signed.time_stamped(token)
        },
    );
    world.judge().verify(&file)
}

fn stamps() -> Vec<Case> {
    let world = world();
    let person = &world.person;
    let judged = |file: &[u8]| world.judge().verify(file);
    let with = |change: &dyn Fn(&mut TimeStampRecipe)| judged(&stamped(world, |r| change(r)));
    let token = |make: &dyn Fn(&[u8]) -> Vec<u8>| {
        judged(&finished(
            person,
            |_, _| {},
            |signed| {
                let token = make(signed.signature());
                signed.time_stamped(token)
            },
        ))
    };
    let by_policy = |from: &str, to: &str| {
        let text = Policy::default().to_toml();
        assert!(text.contains(from), "{text}");
        let policy = Policy::from_toml(&text.replace(from, to)).unwrap();
        world.judge().with(|judge| judge.policy = policy)
    };
    let unknown_digest = token(&|value| {
        // SHA-512 is 2.16.840.1.101.3.4.2.3, and the imprint's alone here.
        let token = TimeStampRecipe::over(Hash::Sha512, value, NOW)
            .signed_by(&world.tsa)
            .unwrap();
        let sha512 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
        let mut unknown = sha512;
        unknown[8] = 99;
        replaced(token, &sha512, &unknown)
    });
    let out_of_order = finished(
        person,
        |protected, recipe| {
            let later = world.stamp(protected, |recipe| recipe.time = NOW + HOUR);
            recipe.content_time_stamps.push(later);
        },
        |signed| {
            let token = world.stamp(signed.signature(), |_| {});
            signed.time_stamped(token)
        },
    );
    let late = finished(
        person,
        |_, recipe| recipe.signing_time = Some(NOW - HOUR),
        |signed| {
            let token = world.stamp(signed.signature(), |_| {});
            signed.time_stamped(token)
        },
    );
    let archived = finished(
        person,
        |_, _| {},
        |signed| {
            let token = world.stamp(signed.signature(), |_| {});
            // archive-time-stamp-v2 hashes the content itself, which stands elsewhere in a PDF.
            let old = "1.2.840.113549.1.9.16.2.48";
            signed.with_unsigned(CmsAttribute::new(old, token))
        },
    );
    vec![
        case("stamp-malformed", token(&|_| vec![0x30, 0x00])),
        case(
            "stamp-of-other-data",
            token(&|_| world.stamp(b"another signature", |_| {})),
        ),
        case("stamp-by-unknown-digest", unknown_digest),
        case(
            "stamp-by-a-person",
            token(&|value| {
                TimeStampRecipe::over(Hash::Sha256, value, NOW)
                    .signed_by(person)
                    .unwrap()
            }),
        ),
        case(
            "stamp-with-critical-extension",
            with(&|recipe| recipe.extensions.push(ExtraExtension::unknown_critical())),
        ),
        case(
            "stamp-in-the-future",
            with(&|recipe| recipe.time = NOW + 10 * DAY),
        ),
        case(
            "stamp-without-status",
            world
                .judge()
                .with(|judge| judge.root_list = None)
                .verify(&stamped(world, |_| {})),
        ),
        case("stamps-out-of-order", judged(&out_of_order)),
        case(
            "stamp-too-late",
            by_policy(
                "time_stamp = \"optional\"",
                "time_stamp = \"optional\"\nlongest_delay_seconds = 60",
            )
            .verify(&late),
        ),
        case(
            "stamp-demanded",
            by_policy("time_stamp = \"optional\"", "time_stamp = \"demanded\"")
                .verify(&signed(person, |_| {})),
        ),
        case("stamp-for-the-archive", judged(&archived)),
    ]
}
