//! OCSP responses that are made on the spot.

use kyso_sandbox::{ExtraExtension, Issued, KeyUse, Recipe};

use super::made::{World, at, authority, read, recipe};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::der::{Oid, Reader, Tag, oid, write};
use crate::evidence::Origin;
use crate::ocsp::OcspResponse;
use crate::revocation::{Source, Standing, Status};
use crate::trust::TrustStore;
use crate::x509::CrlReason;

/// A response to be made; times in days.
#[derive(Clone)]
struct Answer {
    /// `CertStatus`.
    status: Vec<u8>,
    from: i64,
    until: Option<i64>,
    produced: i64,
    serial: u8,
    algorithm: Oid,
    by_key: bool,
    carried: Vec<Issued>,
    extensions: Vec<Vec<u8>>,
}

impl Answer {
    fn new(status: Vec<u8>) -> Self {
        Self {
            status,
            from: 5,
            until: Some(12),
            produced: 5,
            serial: 7,
            algorithm: oid!("1.2.840.10045.4.3.2"),
            by_key: false,
            carried: Vec::new(),
            extensions: Vec::new(),
        }
    }

    fn good() -> Self {
        Self::new(write::context_primitive(0, &[]))
    }

    fn revoked(reason: u8) -> Self {
        let reason = write::context(0, &[write::enumerated(reason)]);
        Self::new(write::context(1, &[write::generalized_time(at(2)), reason]))
    }

    fn carrying(mut self, issued: &Issued) -> Self {
        self.carried.push(issued.clone());
        self
    }

    fn with(mut self, identifier: Oid, is_critical: bool, value: &[u8]) -> Self {
        let mut fields = vec![write::oid(&identifier)];
        if is_critical {
            fields.push(write::boolean_true());
        }
        fields.push(write::octet_string(value));
        self.extensions.push(write::sequence(&fields));
        self
    }

    /// About a certificate of `issuer`, signed by `by`.
    fn signed(&self, issuer: &Issued, by: &Issued) -> Vec<u8> {
        let sha1 = |octets: &[u8]| {
            write::octet_string(Digest::of(DigestAlgorithm::Sha1, octets).as_bytes())
        };
        let id = write::sequence(&[
            write::sequence(&[write::oid(&oid!("1.3.14.3.2.26")), write::null()]),
            sha1(read(issuer).subject().der()),
            sha1(&key(issuer)),
            write::unsigned_integer(&[self.serial]),
        ]);
        let mut single = vec![
            id,
            self.status.clone(),
            write::generalized_time(at(self.from)),
        ];
        if let Some(until) = self.until {
            single.push(write::context(0, &[write::generalized_time(at(until))]));
        }
        if !self.extensions.is_empty() {
            single.push(write::context(1, &[write::sequence(&self.extensions)]));
        }
        let responder = match self.by_key {
            true => write::context(2, &[sha1(&key(by))]),
            false => write::context(1, &[read(by).subject().der()]),
        };
        let tbs = write::sequence(&[
            responder,
            write::generalized_time(at(self.produced)),
            write::sequence(&[write::sequence(&single)]),
        ]);
        let mut basic = vec![
            tbs.clone(),
            write::sequence(&[write::oid(&self.algorithm)]),
            write::bit_string(&by.sign(&tbs).unwrap()),
        ];
        if !self.carried.is_empty() {
            let carried = self.carried.iter().map(|issued| &issued.certificate_der);
            let carried: Vec<_> = carried.collect();
            basic.push(write::context(0, &[write::sequence(&carried)]));
        }
        let bytes = write::sequence(&[
            write::oid(&oid!("1.3.6.1.5.5.7.48.1.1")),
            write::octet_string(&write::sequence(&basic)),
        ]);
        write::sequence(&[write::enumerated(0), write::context(0, &[bytes])])
    }
}

/// The content of the BIT STRING of the key.
fn key(issued: &Issued) -> Vec<u8> {
    let certificate = read(issued);
    let spki = certificate.public_key().spki_der();
    let mut fields = Reader::new(spki, 8)
        .expect(Tag::SEQUENCE)
        .unwrap()
        .reader()
        .unwrap();
    fields.tlv().unwrap();
    fields.tlv().unwrap().bit_string().unwrap().to_vec()
}

impl World {
    fn hear(&mut self, answer: &Answer, by: &Issued) {
        let der = answer.signed(&self.ca, by);
        let response = OcspResponse::from_der(&der).unwrap();
        self.evidence.add_ocsp(response, Origin::Online).unwrap();
    }
}

fn responder() -> Recipe {
    let mut recipe = recipe("Responder");
    recipe.key_usage = vec![KeyUse::DigitalSignature];
    recipe.extended_key_usage = vec!["1.3.6.1.5.5.7.3.9".to_owned()];
    recipe
}

fn no_check() -> ExtraExtension {
    ExtraExtension {
        oid: "1.3.6.1.5.5.7.48.1.5".to_owned(),
        critical: false,
        value: write::null(),
    }
}

#[test]
fn the_issuer_itself_says_good_revoked_or_on_hold_by_name_or_by_key() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let mut good = Answer::good();
    (good.by_key, good.until) = (true, None);
    world.hear(&good, &ca);
    let mut revoked = Answer::revoked(1);
    revoked.from = 6;
    world.hear(&revoked, &ca);
    let mut hold = Answer::revoked(6);
    hold.from = 7;
    world.hear(&hold, &ca);
    let found = world.ask();
    let status: Vec<_> = found.usable.iter().map(|s| s.status).collect();
    let reason = Some(CrlReason::KeyCompromise);
    assert_eq!(
        status,
        [
            Status::OnHold { since: at(2) },
            Status::Revoked { at: at(2), reason },
            Status::Good
        ]
    );
    let good = &found.usable[2];
    assert_eq!(
        (good.source, good.standing),
        (Source::Ocsp, Standing::Issuer)
    );
    assert_eq!((good.next_update, good.produced_at), (None, Some(at(5))));
    assert_eq!(good.origins, [Origin::Online]);
}

#[test]
fn a_responder_speaks_when_the_issuer_itself_has_certified_it_for_that() {
    for (carried, by_key) in [(true, false), (true, true), (false, false), (false, true)] {
        let mut world = World::new();
        let delegated = responder().signed_by(&world.ca).unwrap();
        let mut answer = Answer::good();
        answer.by_key = by_key;
        if carried {
            answer = answer.carrying(&delegated);
        } else {
            world.know(&delegated);
        }
        world.hear(&answer, &delegated);
        let found = world.ask();
        assert_eq!(found.usable[0].standing, Standing::MustBeAsked);
        assert_eq!(found.usable[0].signer, read(&delegated));
    }
    let mut world = World::new();
    let mut delegated = responder();
    delegated.extra.push(no_check());
    let delegated = delegated.signed_by(&world.ca).unwrap();
    world.hear(&Answer::good().carrying(&delegated), &delegated);
    assert_eq!(world.ask().usable[0].standing, Standing::NoCheck);
}

#[test]
fn nobody_else_speaks() {
    let not_authorised = "ocsp.responder_not_authorised";
    let refused = |by: &dyn Fn(&World) -> Issued, code: &str| {
        let mut world = World::new();
        let by = by(&world);
        world.hear(&Answer::good().carrying(&by), &by);
        assert_eq!(world.refused(), [code]);
    };
    // The certificate asked about speaks for itself.
    refused(&|world| world.user.clone(), not_authorised);
    // Without the purpose; with every purpose instead.
    refused(
        &|world| recipe("Responder").signed_by(&world.ca).unwrap(),
        not_authorised,
    );
    let any = |world: &World| {
        let mut any = responder();
        any.extended_key_usage = vec!["2.5.29.37.0".to_owned()];
        any.signed_by(&world.ca).unwrap()
    };
    refused(&any, not_authorised);
    // Certified by the authority above, by itself, by a namesake of the issuer.
    refused(
        &|world| responder().signed_by(&world.root).unwrap(),
        not_authorised,
    );
    refused(&|_| responder().self_signed().unwrap(), not_authorised);
    let by_namesake = |world: &World| {
        let namesake = authority("CA").signed_by(&world.root).unwrap();
        responder().signed_by(&namesake).unwrap()
    };
    refused(&by_namesake, not_authorised);
    // A key for encryption.
    let encrypts = |world: &World| {
        let mut encrypts = responder();
        encrypts.key_usage = vec![KeyUse::KeyEncipherment];
        encrypts.signed_by(&world.ca).unwrap()
    };
    refused(&encrypts, not_authorised);
    let unknown = |world: &World| {
        let mut unknown = responder();
        unknown.extra.push(ExtraExtension::unknown_critical());
        unknown.signed_by(&world.ca).unwrap()
    };
    refused(&unknown, not_authorised);
    // The authority above speaks for its own certificates alone.
    refused(&|world| world.root.clone(), not_authorised);
    let expired = |world: &World| {
        let mut expired = responder();
        expired.not_after = expired.not_before + 60;
        expired.signed_by(&world.ca).unwrap()
    };
    refused(&expired, "ocsp.responder_outside_validity");
}

#[test]
fn a_responder_that_the_operator_trusts_outright_speaks() {
    let mut world = World::new();
    let trusted = responder().self_signed().unwrap();
    world.hear(&Answer::good(), &trusted);
    assert_eq!(world.refused(), ["ocsp.responder_not_found"]);
    let roots = [&world.root, &trusted].map(|issued| issued.certificate_der.clone());
    world.store = TrustStore::from_der_many(roots).unwrap();
    assert_eq!(world.ask().usable[0].standing, Standing::Anchor);
}

#[test]
fn another_name_than_the_signers_and_another_signature_are_refused() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let delegated = responder().signed_by(&world.ca).unwrap();
    let mut changed = Answer::good().signed(&ca, &ca);
    // The last octet is the signature's.
    *changed.last_mut().unwrap() ^= 1;
    world.evidence.add_bytes(&changed, Origin::Dss).unwrap();
    // Signed by the responder, in the issuer's name.
    let mut namesake = responder();
    namesake.subject = authority("CA").subject;
    let namesake = namesake.signed_by(&delegated).unwrap();
    world.hear(&Answer::good(), &namesake);
    let mut md5 = Answer::good();
    md5.algorithm = oid!("1.2.840.113549.1.1.4");
    world.hear(&md5, &ca);
    assert_eq!(
        world.refused(),
        ["ocsp.signature", "ocsp.signature", "ocsp.algorithm"]
    );
}

#[test]
fn unknown_and_future_answers_and_those_about_others_say_nothing() {
    let mut world = World::new();
    let ca = world.ca.clone();
    world.hear(&Answer::new(write::context_primitive(2, &[])), &ca);
    let mut future = Answer::good();
    future.from = 11;
    world.hear(&future, &ca);
    let mut backwards = Answer::good();
    backwards.until = Some(4);
    world.hear(&backwards, &ca);
    // The same serial number of another issuer, and another serial number.
    let root = world.root.clone();
    let elsewhere = Answer::good().signed(&root, &ca);
    world.evidence.add_bytes(&elsewhere, Origin::Dss).unwrap();
    let mut other = Answer::good();
    other.serial = 8;
    world.hear(&other, &ca);
    let later = write::sequence(&[write::enumerated(3)]);
    world.evidence.add_bytes(&later, Origin::Online).unwrap();
    assert_eq!(
        world.refused(),
        [
            "ocsp.unknown",
            "ocsp.future",
            "ocsp.times",
            "ocsp.other_certificate",
            "ocsp.status_3"
        ]
    );
    // A stale answer is an answer.
    let mut world = World::new();
    world.hear(&Answer::good(), &ca_of(&world));
    world.at = at(100);
    assert_eq!(world.ask().usable.len(), 1);
}

fn ca_of(world: &World) -> Issued {
    world.ca.clone()
}

#[test]
fn an_answer_with_the_hash_of_the_certificate_has_seen_it() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let hash = |of: &[u8]| {
        write::sequence(&[
            write::sequence(&[write::oid(&oid!("2.16.840.1.101.3.4.2.1"))]),
            write::octet_string(Digest::of(DigestAlgorithm::Sha256, of).as_bytes()),
        ])
    };
    let cert_hash = oid!("1.3.36.8.3.13");
    let user = world.user.certificate_der.clone();
    world.hear(&Answer::good().with(cert_hash, false, &hash(&user)), &ca);
    world.hear(&Answer::good().with(cert_hash, false, &hash(b"x")), &ca);
    let unknown = oid!("1.3.6.1.4.1.32473.1.99");
    world.hear(&Answer::good().with(unknown, true, &[5, 0]), &ca);
    let found = world.ask();
    assert_eq!(found.usable.len(), 1);
    assert!(found.usable[0].positive_hash);
    let codes: Vec<_> = found.refused.iter().map(|r| r.why.code()).collect();
    assert_eq!(codes, ["ocsp.cert_hash", "ocsp.critical_extension"]);
}
