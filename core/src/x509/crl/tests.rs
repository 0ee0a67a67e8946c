use super::*;
use crate::crypto::fixtures;
use crate::der::write;

fn published(name: &str) -> Option<Crl> {
    let der = fixtures::data(&format!("corpus/x509/pkits/{name}.crl"))?;
    Some(Crl::from_der(&der).unwrap())
}

#[test]
fn every_published_list_is_read_to_its_last_entry() {
    let Some(complete) = published("GoodCACRL") else {
        return;
    };
    assert_eq!(complete.this_update().to_string(), "2010-01-01T08:30:00Z");
    assert_eq!(complete.number(), Some(&[1][..]));
    assert!(complete.delta_base().is_none() && complete.next_update().is_some());
    let entries: Vec<_> = complete.entries().map(Result::unwrap).collect();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].serial, [0x0e]);
    assert_eq!(entries[0].reason, Some(CrlReason::KeyCompromise));
    assert!(entries.iter().all(|e| e.certificate_issuer.is_none()));

    let delta = published("deltaCRLCA1deltaCRL").unwrap();
    assert_eq!(delta.delta_base(), Some(&[1][..]));
    let reasons: Vec<_> = delta
        .entries()
        .map(|e| e.unwrap().reason.unwrap())
        .collect();
    assert!(reasons.contains(&CrlReason::RemoveFromCrl));
}

#[test]
fn the_issuer_named_by_an_entry_holds_for_those_behind_it() {
    let Some(list) = published("indirectCRLCA5CRL") else {
        return;
    };
    let point = list.issuing_distribution_point().unwrap();
    assert!(point.is_indirect && point.name.is_some());
    let issuers: Vec<_> = list
        .entries()
        .map(|entry| {
            entry
                .unwrap()
                .certificate_issuer
                .map(|name| name.to_string())
        })
        .collect();
    let ends = |issuer: &Option<String>, with: &str| issuer.as_ref().unwrap().ends_with(with);
    assert!(issuers[0].is_none());
    assert!(ends(&issuers[1], "CA6") && ends(&issuers[2], "CA6") && ends(&issuers[3], "CA6"));
    assert!(ends(&issuers[4], "CA7") && ends(&issuers[5], "CA7"));
}

#[test]
fn a_critical_extension_that_is_unknown_is_named_and_one_of_an_entry_marks_it() {
    let Some(list) = published("UnknownCRLExtensionCACRL") else {
        return;
    };
    assert_eq!(list.unhandled_critical().len(), 1);
    let good = published("GoodCACRL").unwrap();
    assert!(good.unhandled_critical().is_empty());
}

#[test]
fn lists_are_found_in_pem_and_in_pkcs7() {
    let (Some(der), Some(shop)) = (
        fixtures::data("corpus/x509/pkits/GoodCACRL.crl"),
        fixtures::Workshop::open(),
    ) else {
        return;
    };
    shop.write("list.crl", &der);
    shop.run("crl -inform DER -in list.crl -out list.pem");
    shop.run("crl2pkcs7 -in list.pem -out list.p7b");
    shop.run("crl2pkcs7 -in list.pem -outform DER -out list.p7c");
    for name in ["list.crl", "list.pem", "list.p7b", "list.p7c"] {
        let lists = Crl::many_from_pem_or_der(&shop.read(name)).unwrap();
        assert_eq!(lists.len(), 1, "{name}");
        assert_eq!(lists[0].der(), der, "{name}");
    }
    shop.run("crl2pkcs7 -nocrl -outform DER -out empty.p7c");
    assert!(Crl::many_from_pem_or_der(&shop.read("empty.p7c")).is_err());
    assert!(Crl::many_from_pem_or_der(b"nothing").is_err());
}

/// A list with these entries and extensions and an empty signature.
fn made(version: bool, entries: &[Vec<u8>], extensions: &[Vec<u8>]) -> Vec<u8> {
    let algorithm = write::sequence(&[write::oid(&oid!("1.2.840.113549.1.1.11")), write::null()]);
    let issuer = crate::x509::name::tests::name(&[("2.5.4.3", "CA")]);
    let at = |seconds| write::time(Time::from_unix(seconds));
    let mut fields = Vec::new();
    if version {
        fields.push(write::integer(1));
    }
    fields.extend([algorithm.clone(), issuer.der().to_vec(), at(1_000_000_000)]);
    if !entries.is_empty() {
        fields.push(write::sequence(entries));
    }
    if !extensions.is_empty() {
        fields.push(write::context(0, &[write::sequence(extensions)]));
    }
    write::sequence(&[write::sequence(&fields), algorithm, write::bit_string(&[])])
}

fn entry(serial: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let at = write::time(Time::from_unix(900_000_000));
    let mut fields = vec![write::unsigned_integer(serial), at];
    if !extensions.is_empty() {
        fields.push(write::sequence(extensions));
    }
    write::sequence(&fields)
}

fn with(identifier: Oid, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let mut fields = vec![write::oid(&identifier)];
    if is_critical {
        fields.push(write::boolean_true());
    }
    fields.push(write::octet_string(value));
    write::sequence(&fields)
}

#[test]
fn a_list_without_next_update_or_entries_is_read() {
    let list = Crl::from_der(&made(false, &[], &[])).unwrap();
    assert!(list.next_update().is_none());
    assert_eq!(list.entries().count(), 0);
    assert_eq!(list.signature(), b"");
}

#[test]
fn a_list_number_that_is_critical_makes_the_list_unusable() {
    let number = |is_critical| with(CRL_NUMBER, is_critical, &write::integer(3));
    let list = Crl::from_der(&made(true, &[], &[number(true)])).unwrap();
    assert_eq!(list.unhandled_critical(), ["2.5.29.20"]);
    assert!(Crl::from_der(&made(false, &[], &[number(false)])).is_err());
    assert!(Crl::from_der(&made(true, &[], &[number(false), number(false)])).is_err());
}

#[test]
fn a_fault_in_an_entry_ends_the_stream() {
    let reason = |number| with(REASON_CODE, false, &write::enumerated(number));
    let entries = [
        entry(&[1], &[reason(6)]),
        entry(&[2], &[reason(7)]),
        entry(&[3], &[]),
    ];
    let list = Crl::from_der(&made(true, &entries, &[])).unwrap();
    let read: Vec<_> = list.entries().collect();
    assert_eq!(read.len(), 2);
    assert_eq!(
        read[0].as_ref().unwrap().reason,
        Some(CrlReason::CertificateHold)
    );
    assert!(read[1].is_err());
}

#[test]
fn a_certificate_issuer_in_a_list_that_is_not_indirect_makes_it_unusable() {
    let name = crate::x509::name::tests::name(&[("2.5.4.3", "other")]);
    let value = write::sequence(&[write::context(4, &[name.der()])]);
    let entries = [
        entry(&[1], &[with(CERTIFICATE_ISSUER, false, &value)]),
        entry(&[2], &[with(oid!("1.2.3"), true, b"")]),
    ];
    let list = Crl::from_der(&made(true, &entries, &[])).unwrap();
    assert!(
        list.entries()
            .all(|entry| entry.unwrap().unhandled_critical)
    );
}

#[test]
fn a_list_cut_short_or_changed_anywhere_outside_is_an_error_or_another_list_and_never_a_panic() {
    let reason = with(REASON_CODE, false, &write::enumerated(1));
    let der = made(true, &[entry(&[1], &[reason])], &[]);
    for length in 0..der.len() {
        assert!(Crl::from_der(&der[..length]).is_err());
    }
    for position in 0..der.len() {
        let mut changed = der.clone();
        for octet in [0, 0x30, 0x7f, 0x80, 0x84, 0xff] {
            changed[position] = octet;
            if let Ok(list) = Crl::from_der(&changed) {
                assert!(list.entries().count() <= der.len());
            }
        }
    }
    let mut behind = der;
    behind.push(0);
    assert!(Crl::from_der(&behind).is_err());
}

#[test]
fn a_hundred_thousand_entries_are_read_as_a_stream() {
    let entries: Vec<_> = (0..100_000_u32)
        .map(|serial| entry(&serial.to_be_bytes(), &[]))
        .collect();
    let list = Crl::from_der(&made(true, &entries, &[])).unwrap();
    let last = list.entries().map(Result::unwrap).last().unwrap();
    assert_eq!(list.entries().count(), 100_000);
    assert_eq!(last.serial, [1, 0x86, 0x9f]);
}
