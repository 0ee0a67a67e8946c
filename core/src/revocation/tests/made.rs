//! Lists that are made on the spot, by authorities of the sandbox.

use kyso_sandbox::{
    Attribute, BasicConstraints, ExtraExtension, Issued, KeyKind, KeySource, KeyUse, Recipe,
    SubjectName,
};

use crate::der::{Oid, oid, write};
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::path::Work;
use crate::revocation::fault::Scope;
use crate::revocation::{Ask, Memory, Standing, Statements, Status, statements};
use crate::revocation::{RevocationFault, Source};
use crate::time::Time;
use crate::trust::{Purpose, TrustAnchor, TrustStore};
use crate::x509::{Certificate, Crl, CrlReason};

pub(super) const BEGIN: i64 = 1_767_225_600;
pub(super) const DAY: i64 = 86_400;

pub(super) fn at(days: i64) -> Time {
    Time::from_unix(BEGIN + days * DAY)
}

pub(super) fn read(issued: &Issued) -> Certificate {
    Certificate::from_der(&issued.certificate_der).unwrap()
}

pub(super) fn recipe(name: &str) -> Recipe {
    let subject = SubjectName::new()
        .with(Attribute::Country, "VN")
        .with(Attribute::CommonName, name);
    Recipe::new(subject, KeyKind::P256, BEGIN, BEGIN + 1_000 * DAY)
}

pub(super) fn authority(name: &str) -> Recipe {
    let mut recipe = recipe(name);
    recipe.basic_constraints = Some(BasicConstraints::Authority { path_length: None });
    recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
    recipe
}

/// A root, an authority below it, and a user's certificate of that one.
pub(super) struct World {
    pub(super) root: Issued,
    pub(super) ca: Issued,
    pub(super) user: Issued,
    pub(super) evidence: Evidence,
    pub(super) store: TrustStore,
    pub(super) limits: Limits,
    pub(super) at: Time,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With changes to the user's certificate.
    pub(super) fn with(change: impl FnOnce(&mut Recipe)) -> Self {
        let root = authority("Root").self_signed().unwrap();
        let ca = authority("CA").signed_by(&root).unwrap();
        let mut user = recipe("User");
        user.serial = Some(vec![7]);
        change(&mut user);
        let user = user.signed_by(&ca).unwrap();
        let limits = Limits::default();
        Self {
            evidence: Evidence::new(&limits),
            store: TrustStore::from_der_many([&root.certificate_der]).unwrap(),
            root,
            ca,
            user,
            limits,
            at: at(10),
        }
    }

    pub(super) fn add(&mut self, list: &List, by: &Issued) -> [u8; 32] {
        let list = Crl::from_der(&list.signed(by)).unwrap();
        let sha256 = list.sha256();
        self.evidence.add_crl(list, Origin::Operator).unwrap();
        sha256
    }

    pub(super) fn know(&mut self, issued: &Issued) {
        self.evidence.add(read(issued), Origin::Dss).unwrap();
    }

    pub(super) fn ask(&self) -> Statements {
        let work = Work::new(&self.limits, 1);
        self.ask_within(&work, &Memory::new(&self.limits))
    }

    pub(super) fn ask_within(&self, work: &Work, memory: &Memory) -> Statements {
        let anchor: TrustAnchor = self.store.anchors().next().unwrap().clone();
        let ask = Ask {
            evidence: &self.evidence,
            store: &self.store,
            anchor: &anchor,
            purpose: Purpose::DocumentSignature,
            at: self.at,
            limits: &self.limits,
            work,
            memory,
        };
        statements(&read(&self.user), &read(&self.ca), &ask)
    }

    /// The codes of what was refused, and that nothing else was said.
    pub(super) fn refused(&self) -> Vec<&'static str> {
        let found = self.ask();
        assert!(found.usable.is_empty(), "{:?}", found.usable);
        found.refused.iter().map(|r| r.why.code()).collect()
    }
}

/// A list to be made; times in days.
#[derive(Clone)]
pub(super) struct List {
    from: i64,
    until: Option<i64>,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
    algorithm: Oid,
}

impl List {
    pub(super) fn new(from: i64) -> Self {
        Self {
            from,
            until: Some(from + 7),
            entries: Vec::new(),
            extensions: Vec::new(),
            algorithm: oid!("1.2.840.10045.4.3.2"),
        }
    }

    fn number(self, number: i64) -> Self {
        self.with(oid!("2.5.29.20"), false, &write::integer(number))
    }

    fn changes(self, base: i64) -> Self {
        self.with(oid!("2.5.29.27"), true, &write::integer(base))
    }

    /// issuingDistributionPoint with these fields.
    fn point(self, fields: &[Vec<u8>]) -> Self {
        self.with(oid!("2.5.29.28"), true, &write::sequence(fields))
    }

    fn with(mut self, identifier: Oid, is_critical: bool, value: &[u8]) -> Self {
        self.extensions
            .push(extension(identifier, is_critical, value));
        self
    }

    fn revokes(self, serial: u8, reason: u8) -> Self {
        let reason = extension(oid!("2.5.29.21"), false, &write::enumerated(reason));
        self.entry(serial, &[reason])
    }

    fn entry(mut self, serial: u8, extensions: &[Vec<u8>]) -> Self {
        let mut fields = vec![write::unsigned_integer(&[serial]), write::time(at(1))];
        if !extensions.is_empty() {
            fields.push(write::sequence(extensions));
        }
        self.entries.push(write::sequence(&fields));
        self
    }

    fn signed(&self, by: &Issued) -> Vec<u8> {
        let algorithm = write::sequence(&[write::oid(&self.algorithm)]);
        let mut fields = vec![
            write::integer(1),
            algorithm.clone(),
            read(by).subject().der().to_vec(),
            write::time(at(self.from)),
        ];
        fields.extend(self.until.map(|until| write::time(at(until))));
        if !self.entries.is_empty() {
            fields.push(write::sequence(&self.entries));
        }
        if !self.extensions.is_empty() {
            fields.push(write::context(0, &[write::sequence(&self.extensions)]));
        }
        let tbs = write::sequence(&fields);
        let signature = write::bit_string(&by.sign(&tbs).unwrap());
        write::sequence(&[tbs, algorithm, signature])
    }
}

fn extension(identifier: Oid, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let mut fields = vec![write::oid(&identifier)];
    if is_critical {
        fields.push(write::boolean_true());
    }
    fields.push(write::octet_string(value));
    write::sequence(&fields)
}

/// keyCompromise alone, and all the others.
const KEY_COMPROMISE: [u8; 2] = [6, 0b0100_0000];
const THE_OTHERS: [u8; 3] = [7, 0b0011_1111, 0x80];

fn reasons(flags: &[u8]) -> Vec<u8> {
    write::context_primitive(3, flags)
}

fn flag(number: u8) -> Vec<u8> {
    write::context_primitive(number, &[0xff])
}

/// A DistributionPointName of one address.
fn address(of: &str) -> Vec<u8> {
    let name = write::context_primitive(6, of.as_bytes());
    write::context(0, &[write::context(0, &[name])])
}

#[test]
fn a_list_of_the_issuer_says_good_revoked_or_on_hold() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let first = world.add(&List::new(1).revokes(9, 1), &ca);
    world.add(&List::new(3).revokes(7, 6), &ca);
    world.add(&List::new(2).revokes(7, 1), &ca);
    let found = world.ask();
    assert!(found.refused.is_empty());
    let status: Vec<_> = found.usable.iter().map(|s| s.status).collect();
    let reason = Some(CrlReason::KeyCompromise);
    assert_eq!(
        status,
        [
            Status::OnHold { since: at(1) },
            Status::Revoked { at: at(1), reason },
            Status::Good
        ]
    );
    let good = &found.usable[2];
    assert_eq!((good.sha256, good.source), (first, Source::Crl));
    assert_eq!(good.standing, Standing::Issuer);
    assert_eq!(good.next_update, Some(at(8)));
    assert_eq!(good.origins, [Origin::Operator]);
    assert!(good.signer_path.is_none() && good.digest.is_some());
}

#[test]
fn a_list_from_the_future_is_refused_and_a_stale_one_is_not() {
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1), &ca);
    world.at = at(100);
    assert_eq!(world.ask().usable.len(), 1);
    world.at = at(0);
    assert_eq!(world.refused(), ["crl.future"]);
}

#[test]
fn a_list_for_some_reasons_is_never_good_alone_and_several_are_good_together() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let some = List::new(3).point(&[reasons(&KEY_COMPROMISE)]);
    let newer = world.add(&some, &ca);
    assert_eq!(world.refused(), ["crl.some_reasons"]);
    let mut others = List::new(2).point(&[reasons(&THE_OTHERS)]);
    others.until = Some(20);
    let older = world.add(&others, &ca);
    let found = world.ask();
    let [together] = &found.usable[..] else {
        panic!("{found:?}")
    };
    assert_eq!(together.status, Status::Good);
    assert_eq!(together.this_update, at(2));
    assert_eq!(together.next_update, Some(at(10)));
    assert_eq!(
        (together.sha256, &together.together_with[..]),
        (older, &[newer][..])
    );
}

#[test]
fn a_revocation_in_a_list_for_some_reasons_counts_alone() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let list = List::new(3)
        .point(&[reasons(&KEY_COMPROMISE)])
        .revokes(7, 1);
    world.add(&list, &ca);
    let status = world.ask().usable[0].status;
    assert!(matches!(status, Status::Revoked { .. }));
}

#[test]
fn a_list_of_another_part_or_of_other_certificates_does_not_speak() {
    let mut world = World::with(|user| user.crl = vec!["http://ca.test/1.crl".to_owned()]);
    let ca = world.ca.clone();
    for fields in [
        vec![flag(2)],
        vec![flag(5)],
        vec![address("http://ca.test/2.crl")],
    ] {
        world.evidence = Evidence::new(&world.limits);
        world.add(&List::new(1).point(&fields), &ca);
        assert_eq!(world.refused(), ["crl.scope"]);
    }
    let found = world.ask();
    assert_eq!(
        found.refused[0].why,
        RevocationFault::CrlScope {
            scope: Scope::OtherDistributionPoint
        }
    );
    world.add(
        &List::new(1).point(&[address("http://ca.test/1.crl"), flag(1)]),
        &ca,
    );
    assert_eq!(world.ask().usable.len(), 1);
}

#[test]
fn changes_count_only_with_the_list_they_change() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let changes = List::new(4).number(5).changes(3);
    let delta = world.add(&changes.clone().revokes(7, 1), &ca);
    assert_eq!(world.refused(), ["crl.delta_without_base"]);
    // A gap between the two, and a list without a number.
    world.add(&List::new(1).number(2), &ca);
    world.add(&List::new(1), &ca);
    let found = world.ask();
    assert!(found.usable.iter().all(|s| s.status == Status::Good));
    assert_eq!(found.refused[0].why, RevocationFault::CrlDeltaWithoutBase);
    let base = world.add(&List::new(2).number(3), &ca);
    let found = world.ask();
    assert!(found.refused.is_empty());
    let newest = &found.usable[0];
    assert!(matches!(newest.status, Status::Revoked { .. }));
    assert_eq!(
        (newest.sha256, &newest.together_with[..]),
        (delta, &[base][..])
    );
    assert_eq!(newest.this_update, at(4));
}

#[test]
fn changes_may_lift_a_hold_and_be_overtaken_by_newer_ones() {
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1).number(1).revokes(7, 6), &ca);
    world.add(&List::new(3).number(3).changes(1).revokes(7, 8), &ca);
    let found = world.ask();
    assert_eq!(found.usable[0].status, Status::Good);
    assert_eq!(found.usable[1].status, Status::OnHold { since: at(1) });
    world.add(&List::new(4).number(4).changes(1).revokes(7, 1), &ca);
    let found = world.ask();
    assert!(matches!(found.usable[0].status, Status::Revoked { .. }));
    assert_eq!((found.usable.len(), found.refused.len()), (2, 0));
    // Changes to another part stay without their list.
    let other = List::new(5).number(5).changes(1).point(&[flag(1)]);
    world.add(&other, &ca);
    assert_eq!(world.ask().refused[0].why.code(), "crl.delta_without_base");
    // Outside changes the reason has no meaning.
    world.evidence = Evidence::new(&world.limits);
    world.add(&List::new(1).revokes(7, 8), &ca);
    assert_eq!(world.refused(), ["crl.malformed"]);
}

#[test]
fn changes_under_another_key_are_refused() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let stranger = authority("CA").signed_by(&world.root).unwrap();
    world.add(&List::new(1).number(1), &ca);
    world.add(&List::new(2).number(2).changes(1).revokes(7, 1), &stranger);
    let found = world.ask();
    assert_eq!(found.usable.len(), 1);
    assert_eq!(found.usable[0].status, Status::Good);
    assert_eq!(found.refused[0].why.code(), "crl.signature");
}

#[test]
fn a_second_key_of_the_same_authority_may_speak_and_has_to_be_asked_about() {
    let mut world = World::new();
    let mut second = authority("CA");
    second.key_usage = vec![KeyUse::CrlSign];
    let second = second.signed_by(&world.root).unwrap();
    world.add(&List::new(1), &second);
    assert_eq!(world.refused(), ["crl.signature"]);
    world.know(&second);
    let found = world.ask();
    let good = &found.usable[0];
    assert_eq!(good.standing, Standing::MustBeAsked);
    assert_eq!(good.signer_path.as_ref().unwrap().certificates().len(), 2);
    assert_eq!(good.signer, read(&second));
}

#[test]
fn another_authority_of_the_same_name_may_not_speak() {
    let mut world = World::new();
    // Below the same root, under another parent.
    let parent = authority("Elsewhere").signed_by(&world.root).unwrap();
    let namesake = authority("CA").signed_by(&parent).unwrap();
    world.know(&parent);
    world.know(&namesake);
    world.add(&List::new(1), &namesake);
    assert_eq!(world.refused(), ["crl.issuer_elsewhere"]);
    // Under nobody.
    let mut world = World::new();
    let namesake = authority("CA").self_signed().unwrap();
    world.know(&namesake);
    world.add(&List::new(1), &namesake);
    assert_eq!(world.refused(), ["crl.issuer_without_path"]);
    // A subscriber who got hold of the name.
    let mut world = World::new();
    let namesake = recipe("CA").signed_by(&world.root).unwrap();
    world.know(&namesake);
    world.add(&List::new(1), &namesake);
    assert_eq!(world.refused(), ["crl.issuer_may_not_sign"]);
}

#[test]
fn an_issuer_whose_key_may_not_sign_lists_does_not_speak() {
    let mut world = World::new();
    let mut ca = authority("CA");
    ca.key = KeySource::Same(world.ca.private_key_pkcs8_der.clone());
    ca.key_usage = vec![KeyUse::KeyCertSign];
    world.ca = ca.signed_by(&world.root).unwrap();
    let ca = world.ca.clone();
    world.add(&List::new(1), &ca);
    assert_eq!(world.refused(), ["crl.issuer_may_not_sign"]);
}

#[test]
fn an_unknown_critical_extension_anywhere_makes_a_list_unusable() {
    let unknown = oid!("1.3.6.1.4.1.32473.1.99");
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1).with(unknown, true, &[5, 0]), &ca);
    let entry = extension(unknown, true, &[5, 0]);
    world.add(&List::new(2).entry(99, &[entry]), &ca);
    assert_eq!(
        world.refused(),
        ["crl.critical_extension", "crl.critical_entry_extension"]
    );
}

#[test]
fn a_list_signed_with_md5_or_with_changed_octets_is_refused() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let mut list = List::new(1);
    // md5WithRSAEncryption
    list.algorithm = oid!("1.2.840.113549.1.1.4");
    world.add(&list, &ca);
    let mut changed = List::new(2).signed(&ca);
    // A day earlier.
    let position = changed.windows(2).position(|w| w == [0x17, 13]).unwrap() + 7;
    changed[position] ^= 1;
    world
        .evidence
        .add_crl(Crl::from_der(&changed).unwrap(), Origin::Dss)
        .unwrap();
    world.at = at(90);
    assert_eq!(world.refused(), ["crl.algorithm", "crl.signature"]);
}

/// cRLDistributionPoints with this issuer of the lists.
fn listed_by(issuer: &Issued) -> ExtraExtension {
    let name = write::context(4, &[read(issuer).subject().der()]);
    let point = write::sequence(&[write::context(2, &[name])]);
    ExtraExtension {
        oid: "2.5.29.31".to_owned(),
        critical: false,
        value: write::sequence(&[point]),
    }
}

#[test]
fn an_indirect_list_speaks_for_whom_its_entries_name_when_its_issuer_has_the_same_anchor() {
    let mut lister = authority("Lister");
    lister.key_usage = vec![KeyUse::CrlSign];
    let stranger = lister.self_signed().unwrap();
    let mut world = World::with(|user| user.extra.push(listed_by(&stranger)));
    let lister = lister.signed_by(&world.root).unwrap();
    world.know(&lister);
    let issued_by_ca = {
        let name = write::context(4, &[read(&world.ca).subject().der()]);
        extension(oid!("2.5.29.29"), true, &write::sequence(&[name]))
    };
    let indirect = List::new(1).point(&[flag(4)]);
    // The serial number of another issuer's certificate.
    world.add(&indirect.clone().entry(7, &[]), &lister);
    let found = world.ask();
    assert_eq!(found.usable[0].status, Status::Good);
    assert_eq!(found.usable[0].standing, Standing::MustBeAsked);
    world
        .evidence
        .add_crl(
            Crl::from_der(
                &indirect
                    .clone()
                    .entry(1, &[issued_by_ca])
                    .entry(7, &[])
                    .signed(&lister),
            )
            .unwrap(),
            Origin::Cache,
        )
        .unwrap();
    let found = world.ask();
    assert!(
        found
            .usable
            .iter()
            .any(|s| matches!(s.status, Status::Revoked { .. }))
    );
    // The same list not marked as indirect, and one by a namesake without the anchor.
    let mut world = World::with(|user| user.extra.push(listed_by(&stranger)));
    world.know(&lister);
    world.know(&stranger);
    world.add(&List::new(1), &lister);
    world.add(&indirect, &stranger);
    let mut refused = world.refused();
    refused.sort_unstable();
    assert_eq!(refused, ["crl.issuer_without_path", "crl.scope"]);
}

#[test]
fn a_signature_is_checked_once_and_a_certificate_looked_up_once() {
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1).revokes(9, 1), &ca);
    world.limits.path_signature_checks = 1;
    world.limits.crl_octets = 1_000;
    let (work, memory) = (Work::new(&world.limits, 1), Memory::new(&world.limits));
    for _ in 0..100 {
        assert_eq!(world.ask_within(&work, &memory).usable.len(), 1);
    }
    // Nothing is left for another list.
    world.add(&List::new(2), &ca);
    let found = world.ask_within(&work, &memory);
    assert_eq!(found.refused[0].why, RevocationFault::Budget);
    world.limits.crl_octets = 10;
    world.limits.path_signature_checks = 100;
    assert_eq!(world.refused(), ["revocation.budget"; 2]);
}
