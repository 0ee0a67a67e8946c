//! Lists that are made on the spot, by authorities of the sandbox.

use std::ops::RangeInclusive;

use kyso_sandbox::{
    Attribute, BasicConstraints, CrlEntry, CrlRecipe, CrlScope, ExtraExtension, Issued, KeyKind,
    KeySource, KeyUse, Recipe, RevocationReason, SubjectName,
};

use crate::der::{oid, write};
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::path::Work;
use crate::revocation::fault::Scope;
use crate::revocation::{Ask, Memory, Standing, Statements, Status, remembered, statements};
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
        self.ask_of(&read(&self.user), &read(&self.ca), work, memory)
    }

    fn ask_about(&self, certificate: &Certificate, issuer: &Certificate) -> Statements {
        let work = Work::new(&self.limits, 1);
        self.ask_of(certificate, issuer, &work, &Memory::new(&self.limits))
    }

    fn ask_of(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        work: &Work,
        memory: &Memory,
    ) -> Statements {
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
        statements(certificate, issuer, &ask)
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
pub(super) struct List(CrlRecipe);

impl List {
    pub(super) fn new(from: i64) -> Self {
        Self(CrlRecipe::new(at(from).unix(), at(from + 7).unix()))
    }

    fn until(mut self, day: i64) -> Self {
        self.0.next_update = Some(at(day).unix());
        self
    }

    fn number(mut self, number: u64) -> Self {
        self.0.number = Some(number);
        self
    }

    fn changes(mut self, base: u64) -> Self {
        self.0.changes = Some(base);
        self
    }

    fn about(mut self, scope: CrlScope) -> Self {
        self.0.scope = Some(scope);
        self
    }

    fn with(mut self, extension: ExtraExtension) -> Self {
        self.0.extra.push(extension);
        self
    }

    fn revokes(self, serial: u8, reason: u8) -> Self {
        let reason = RevocationReason::from_number(reason).unwrap();
        self.entry(entry(serial).because(reason))
    }

    fn entry(mut self, entry: CrlEntry) -> Self {
        self.0.entries.push(entry);
        self
    }

    fn signed(&self, by: &Issued) -> Vec<u8> {
        self.0.signed_by(by).unwrap()
    }
}

/// Revoked on the first day.
fn entry(serial: u8) -> CrlEntry {
    CrlEntry::of_serial(vec![serial], at(1).unix())
}

fn for_reasons(bits: impl IntoIterator<Item = u8>) -> CrlScope {
    CrlScope {
        only_reasons: Some(bits.into_iter().collect()),
        ..CrlScope::default()
    }
}

/// keyCompromise alone, and all the others.
const KEY_COMPROMISE: [u8; 1] = [1];
const THE_OTHERS: RangeInclusive<u8> = 2..=8;

fn only_users() -> CrlScope {
    CrlScope {
        only_users: true,
        ..CrlScope::default()
    }
}

fn of_address(address: &str) -> CrlScope {
    CrlScope {
        addresses: vec![address.to_owned()],
        ..CrlScope::default()
    }
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
    let some = List::new(3).about(for_reasons(KEY_COMPROMISE));
    let newer = world.add(&some, &ca);
    assert_eq!(world.refused(), ["crl.some_reasons"]);
    let others = List::new(2).about(for_reasons(THE_OTHERS)).until(20);
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
        .about(for_reasons(KEY_COMPROMISE))
        .revokes(7, 1);
    world.add(&list, &ca);
    let status = world.ask().usable[0].status;
    assert!(matches!(status, Status::Revoked { .. }));
}

#[test]
fn a_list_of_another_part_or_of_other_certificates_does_not_speak() {
    let mut world = World::with(|user| user.crl = vec!["http://ca.test/1.crl".to_owned()]);
    let ca = world.ca.clone();
    let authorities = CrlScope {
        only_authorities: true,
        ..CrlScope::default()
    };
    let attributes = CrlScope {
        only_attributes: true,
        ..CrlScope::default()
    };
    for scope in [authorities, attributes, of_address("http://ca.test/2.crl")] {
        world.evidence = Evidence::new(&world.limits);
        world.add(&List::new(1).about(scope), &ca);
        assert_eq!(world.refused(), ["crl.scope"]);
    }
    let found = world.ask();
    assert_eq!(
        found.refused[0].why,
        RevocationFault::CrlScope {
            scope: Scope::OtherDistributionPoint
        }
    );
    let users = CrlScope {
        only_users: true,
        ..of_address("http://ca.test/1.crl")
    };
    world.add(&List::new(1).about(users), &ca);
    assert_eq!(world.ask().usable.len(), 1);
}

#[test]
fn changes_count_only_with_the_list_they_change() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let changes = List::new(4).number(5).changes(3);
    world.add(&changes, &ca);
    assert_eq!(world.refused(), ["crl.delta_without_base"]);
    // A gap between the two, and a list without a number.
    world.add(&List::new(1).number(2), &ca);
    world.add(&List::new(1), &ca);
    let found = world.ask();
    assert!(found.usable.iter().all(|s| s.status == Status::Good));
    assert!(found.usable.iter().all(|s| s.this_update == at(1)));
    assert_eq!(found.refused[0].why, RevocationFault::CrlDeltaWithoutBase);
    // Whom it names is revoked, whatever it changes.
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1).number(2), &ca);
    let delta = world.add(&changes.clone().revokes(7, 1), &ca);
    let found = world.ask();
    assert!(found.refused.is_empty());
    assert_eq!(found.usable[0].sha256, delta);
    assert!(matches!(found.usable[0].status, Status::Revoked { .. }));
    assert!(found.usable[0].together_with.is_empty());
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
    let other = List::new(5).number(5).changes(1).about(only_users());
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
    let base = List::new(1).number(1);
    let changes = List::new(2).number(2).changes(1).revokes(7, 1);
    // By the key identifiers they do not belong together; without them the signature tells.
    for (named, code) in [(true, "crl.delta_without_base"), (false, "crl.signature")] {
        world.evidence = Evidence::new(&world.limits);
        for (list, by) in [(&base, &ca), (&changes, &stranger)] {
            let mut list = list.clone();
            list.0.authority_key_id = named;
            world.add(&list, by);
        }
        let found = world.ask();
        assert_eq!(found.usable.len(), 1);
        assert_eq!(found.usable[0].status, Status::Good);
        assert_eq!(found.refused[0].why.code(), code);
    }
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
    let unknown = ExtraExtension::unknown_critical();
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1).with(unknown.clone()), &ca);
    let mut entry = entry(99);
    entry.extra.push(unknown);
    world.add(&List::new(2).entry(entry), &ca);
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
    let algorithm = write::oid(&oid!("1.2.840.113549.1.1.4"));
    list.0.told_algorithm = Some(write::sequence(&[algorithm]));
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
    let mut issued_by_ca = entry(1);
    issued_by_ca.issued_beside = Some(world.user.certificate_der.clone());
    let indirect = List::new(1).about(CrlScope {
        indirect: true,
        ..CrlScope::default()
    });
    // The serial number of another issuer's certificate.
    world.add(&indirect.clone().entry(entry(7)), &lister);
    let found = world.ask();
    assert_eq!(found.usable[0].status, Status::Good);
    assert_eq!(found.usable[0].standing, Standing::MustBeAsked);
    world
        .evidence
        .add_crl(
            Crl::from_der(
                &indirect
                    .clone()
                    .entry(issued_by_ca)
                    .entry(entry(7))
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

#[test]
fn a_name_that_an_authority_below_took_from_the_root_speaks_for_no_certificate_of_the_root() {
    let mut world = World::new();
    let ca = world.ca.clone();
    let mut thief = recipe("Root");
    thief.key_usage = vec![KeyUse::CrlSign];
    let thief = thief.signed_by(&ca).unwrap();
    world.know(&ca);
    world.know(&thief);
    world.add(&List::new(1), &thief);
    let said = |world: &World| world.ask_about(&read(&world.ca), &read(&world.root));
    let found = said(&world);
    assert!(found.usable.is_empty(), "{:?}", found.usable);
    assert_eq!(found.refused[0].why.code(), "crl.issuer_elsewhere");
    // A second key that the root itself has certified does.
    let mut renewed = recipe("Root");
    renewed.key_usage = vec![KeyUse::CrlSign];
    let renewed = renewed.signed_by(&world.root).unwrap();
    world.know(&renewed);
    world.add(&List::new(2), &renewed);
    assert_eq!(said(&world).usable.len(), 1);
}

#[test]
fn a_certificate_is_asked_about_once() {
    let mut world = World::new();
    let ca = world.ca.clone();
    world.add(&List::new(1), &ca);
    let (work, memory) = (Work::new(&world.limits, 1), Memory::new(&world.limits));
    let anchor: TrustAnchor = world.store.anchors().next().unwrap().clone();
    let ask = Ask {
        evidence: &world.evidence,
        store: &world.store,
        anchor: &anchor,
        purpose: Purpose::DocumentSignature,
        at: world.at,
        limits: &world.limits,
        work: &work,
        memory: &memory,
    };
    let asked = || remembered(&read(&world.user), &read(&world.ca), &ask);
    assert!(std::rc::Rc::ptr_eq(&asked(), &asked()));
    assert_eq!(asked().usable.len(), 1);
    let other = remembered(&read(&world.ca), &read(&world.root), &ask);
    assert!(other.usable.is_empty());
}
