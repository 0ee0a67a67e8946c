//! OCSP responses that are made on the spot.

use kyso_sandbox::{
    ExtraExtension, Hash, Issued, KeyUse, OcspCertId, OcspRecipe, OcspRefusal, OcspSingle,
    OcspStatus, Recipe, ResponderName, RevocationReason,
};

use super::made::{World, at, authority, read, recipe};
use crate::der::{oid, write};
use crate::evidence::Origin;
use crate::ocsp::OcspResponse;
use crate::revocation::{Source, Standing, Status};
use crate::trust::TrustStore;
use crate::x509::CrlReason;

/// A response to be made; times in days.
#[derive(Clone)]
struct Answer {
    status: OcspStatus,
    from: i64,
    until: Option<i64>,
    produced: i64,
    serial: u8,
    /// An AlgorithmIdentifier that is not the signature's.
    algorithm: Option<Vec<u8>>,
    by_key: bool,
    carried: Vec<Issued>,
    extensions: Vec<ExtraExtension>,
}

impl Answer {
    fn new(status: OcspStatus) -> Self {
        Self {
            status,
            from: 5,
            until: Some(12),
            produced: 5,
            serial: 7,
            algorithm: None,
            by_key: false,
            carried: Vec::new(),
            extensions: Vec::new(),
        }
    }

    fn good() -> Self {
        Self::new(OcspStatus::Good)
    }

    fn revoked(reason: RevocationReason) -> Self {
        Self::new(OcspStatus::Revoked {
            at: at(2).unix(),
            reason: Some(reason),
        })
    }

    fn carrying(mut self, issued: &Issued) -> Self {
        self.carried.push(issued.clone());
        self
    }

    fn with(mut self, extension: ExtraExtension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// About a certificate of `issuer`, signed by `by`.
    fn signed(&self, issuer: &Issued, by: &Issued) -> Vec<u8> {
        let id = OcspCertId::of_serial(Hash::Sha1, &[self.serial], issuer).unwrap();
        let from = at(self.from).unix();
        let mut single = OcspSingle::new(id, self.status, from, from);
        single.next_update = self.until.map(|day| at(day).unix());
        single.extra.clone_from(&self.extensions);
        let mut recipe = OcspRecipe::new(at(self.produced).unix());
        recipe.singles.push(single);
        recipe.responder = match self.by_key {
            true => ResponderName::Key,
            false => ResponderName::Subject,
        };
        let carried = self.carried.iter();
        recipe.certificates = carried
            .map(|issued| issued.certificate_der.clone())
            .collect();
        recipe.told_algorithm.clone_from(&self.algorithm);
        recipe.signed_by(by).unwrap()
    }
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

#[test]
fn the_issuer_itself_says_good_revoked_or_on_hold_by_name_or_by_key() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let mut good = Answer::good();
    (good.by_key, good.until) = (true, None);
    world.hear(&good, &ca);
    let mut revoked = Answer::revoked(RevocationReason::KeyCompromise);
    revoked.from = 6;
    world.hear(&revoked, &ca);
    let mut hold = Answer::revoked(RevocationReason::CertificateHold);
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
    delegated.extra.push(ExtraExtension::ocsp_no_check());
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
    let algorithm = write::oid(&oid!("1.2.840.113549.1.1.4"));
    md5.algorithm = Some(write::sequence(&[algorithm]));
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
    world.hear(&Answer::new(OcspStatus::Unknown), &ca);
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
    let later = OcspRefusal::TryLater.to_der();
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
    let hash = |of: &[u8]| ExtraExtension {
        oid: "1.3.36.8.3.13".to_owned(),
        critical: false,
        value: write::sequence(&[
            write::sequence(&[write::oid(&oid!("2.16.840.1.101.3.4.2.1"))]),
            write::octet_string(&Hash::Sha256.of(of)),
        ]),
    };
    let user = world.user.certificate_der.clone();
    world.hear(&Answer::good().with(hash(&user)), &ca);
    world.hear(&Answer::good().with(hash(b"x")), &ca);
    let unknown = ExtraExtension::unknown_critical();
    world.hear(&Answer::good().with(unknown), &ca);
    let found = world.ask();
    assert_eq!(found.usable.len(), 1);
    assert!(found.usable[0].positive_hash);
    let codes: Vec<_> = found.refused.iter().map(|r| r.why.code()).collect();
    assert_eq!(codes, ["ocsp.cert_hash", "ocsp.critical_extension"]);
}
