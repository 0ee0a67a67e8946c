//! [`SignedData`] as it stands in a file (RFC 5652 §5.1).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::borrow::Cow;

use crate::cms::identifiers;
use crate::cms::signer::SignerInfo;
use crate::crypto::DigestAlgorithm;
use crate::der::{Oid, Reader, Tag, Tlv};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;

/// ```text
/// ContentInfo ::= SEQUENCE { contentType ContentType, content [0] EXPLICIT ANY }
///
/// SignedData ::= SEQUENCE {
///   version            CMSVersion,
///   digestAlgorithms   SET OF DigestAlgorithmIdentifier,
///   encapContentInfo   EncapsulatedContentInfo,
///   certificates   [0] IMPLICIT CertificateSet OPTIONAL,
///   crls           [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///   signerInfos        SET OF SignerInfo }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignedData<'a> {
    /// The version, where it is a small number. It is often wrong and decides nothing.
    pub version: Option<u32>,
    /// The digest algorithms announced; the set is often incomplete and decides nothing.
    pub digest_algorithms: Vec<AlgorithmIdentifier<'a>>,
    /// `eContentType`: what the content is.
    pub content_type: Oid,
    /// `eContent`: the content octets, segments joined; `None` where the content is elsewhere.
    pub content: Option<Cow<'a, [u8]>>,
    /// The X.509 certificates, each with all its octets, in the order of the file.
    pub certificates: Vec<&'a [u8]>,
    /// Certificates of other formats (attribute certificates, PKCS #6), not read.
    pub other_certificates: Vec<&'a [u8]>,
    /// The CRLs, each with all its octets.
    pub crls: Vec<&'a [u8]>,
    /// Revocation information of other formats, such as OCSP responses (RFC 5940).
    pub other_revocation: Vec<OtherRevocationInfo<'a>>,
    /// The signers, in the order of the file; there may be none.
    pub signer_infos: Vec<SignerInfo<'a>>,
    /// Whether a length is indefinite or longer than need be, or a string in segments: in the
    /// structure itself, not inside certificates, CRLs and attributes. (Sets out of order, which
    /// nearly every producer writes, do not count.)
    pub is_ber: bool,
    /// How many octets the structure has. What stands behind it is for the caller to judge.
    pub length: usize,
}

impl<'a> SignedData<'a> {
    /// Reads the `ContentInfo` that `octets` begin with.
    ///
    /// Without its attached content the structure may have [`Limits::cms_size`] octets; an
    /// attached content in segments, which must be joined, [`Limits::attachment_size`].
    pub fn parse(octets: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut file = Reader::new(octets, limits.asn1_depth);
        let outer = file.expect(Tag::SEQUENCE)?;
        let mut content_info = outer.reader()?;
        if content_info.oid()? != identifiers::SIGNED_DATA {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "a CMS content type other than SignedData",
            ));
        }
        let wrapped = content_info.expect(Tag::context(0))?;
        content_info.finish()?;
        let mut explicit = wrapped.reader()?;
        let signed_data = explicit.expect(Tag::SEQUENCE)?;
        explicit.finish()?;
        let mut fields = signed_data.reader()?;
        let ber = file.is_ber() || content_info.is_ber() || explicit.is_ber();

        let version = fields.expect(Tag::INTEGER)?.small_unsigned().ok();
        let mut this = Self {
            version: version.and_then(|number| u32::try_from(number).ok()),
            digest_algorithms: Vec::new(),
            content_type: identifiers::DATA,
            content: None,
            certificates: Vec::new(),
            other_certificates: Vec::new(),
            crls: Vec::new(),
            other_revocation: Vec::new(),
            signer_infos: Vec::new(),
            is_ber: ber,
            length: outer.full().len(),
        };
        this.read_digest_algorithms(&fields.expect(Tag::SET)?, limits)?;
        let attached = this.read_content(&fields.expect(Tag::SEQUENCE)?, limits)?;
        if this.length.saturating_sub(attached) > limits.cms_size {
            return Err(too_large("a CMS structure of too many octets"));
        }
        this.read_evidence(&mut fields, limits)?;
        this.read_signers(&fields.expect(Tag::SET)?, limits)?;
        fields.finish()?;
        this.is_ber |= fields.is_ber();
        Ok(this)
    }

    fn read_digest_algorithms(&mut self, set: &Tlv<'a>, limits: &Limits) -> Result<(), Error> {
        let mut reader = set.reader()?;
        while !reader.is_empty() {
            check_count(self.digest_algorithms.len(), limits.signatures)?;
            let algorithm = AlgorithmIdentifier::read(&mut reader)?;
            self.digest_algorithms.push(algorithm);
        }
        self.is_ber |= reader.is_ber();
        Ok(())
    }

    /// Reads `EncapsulatedContentInfo ::= SEQUENCE { eContentType ContentType, eContent [0]
    /// EXPLICIT OCTET STRING OPTIONAL }` and answers how many octets the content takes.
    fn read_content(&mut self, info: &Tlv<'a>, limits: &Limits) -> Result<usize, Error> {
        let mut reader = info.reader()?;
        self.content_type = reader.oid()?;
        let mut taken = 0;
        if let Some(explicit) = reader.optional(Tag::context(0))? {
            taken = explicit.full().len();
            let mut inside = explicit.reader()?;
            let in_segments = inside.peek()?.is_some_and(|tag| tag.constructed);
            if in_segments && exceeds(taken, limits.attachment_size) {
                return Err(too_large("a CMS content of too many octets"));
            }
            self.content = Some(inside.octet_string()?);
            inside.finish()?;
            self.is_ber |= inside.is_ber();
        }
        reader.finish()?;
        self.is_ber |= reader.is_ber();
        Ok(taken)
    }

    /// Reads certificates and CRLs, each set at most once. Some writers put the CRLs first.
    fn read_evidence(&mut self, fields: &mut Reader<'a>, limits: &Limits) -> Result<(), Error> {
        let mut certificates_read = false;
        let mut revocation_read = false;
        loop {
            if !certificates_read && let Some(set) = fields.optional(Tag::context(0))? {
                certificates_read = true;
                self.read_certificates(&set, limits)?;
            } else if !revocation_read && let Some(set) = fields.optional(Tag::context(1))? {
                revocation_read = true;
                self.read_revocation(&set, limits)?;
            } else {
                return Ok(());
            }
        }
    }

    fn read_certificates(&mut self, set: &Tlv<'a>, limits: &Limits) -> Result<(), Error> {
        let mut reader = set.reader()?;
        while !reader.is_empty() {
            let taken = self.certificates.len();
            check_count(
                taken.saturating_add(self.other_certificates.len()),
                limits.evidence_items,
            )?;
            let choice = reader.tlv()?;
            if choice.tag() == Tag::SEQUENCE {
                self.certificates.push(choice.full());
            } else {
                self.other_certificates.push(choice.full());
            }
        }
        Ok(())
    }

    fn read_revocation(&mut self, set: &Tlv<'a>, limits: &Limits) -> Result<(), Error> {
        let mut reader = set.reader()?;
        while !reader.is_empty() {
            let taken = self.crls.len();
            check_count(
                taken.saturating_add(self.other_revocation.len()),
                limits.evidence_items,
            )?;
            let choice = reader.tlv()?;
            if choice.tag() == Tag::SEQUENCE {
                self.crls.push(choice.full());
            } else {
                self.other_revocation.push(OtherRevocationInfo::of(&choice));
            }
        }
        Ok(())
    }

    fn read_signers(&mut self, set: &Tlv<'a>, limits: &Limits) -> Result<(), Error> {
        let mut reader = set.reader()?;
        while !reader.is_empty() {
            check_count(self.signer_infos.len(), limits.signatures)?;
            let (signer, ber) = SignerInfo::read(&mut reader, limits)?;
            self.signer_infos.push(signer);
            self.is_ber |= ber;
        }
        self.is_ber |= reader.is_ber();
        Ok(())
    }
}

/// ```text
/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlgorithmIdentifier<'a> {
    /// The algorithm.
    pub oid: Oid,
    /// Its parameters, all octets of the value.
    pub parameters: Option<&'a [u8]>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// The digest algorithm that it names, where it is known. Parameters, NULL or absent (RFC
    /// 5754 §2), do not matter.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid(&self.oid.to_string())
    }

    /// Reads the next value.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        Self::of(&reader.expect(Tag::SEQUENCE)?)
    }

    /// From the fields of a value that may be tagged otherwise.
    pub(crate) fn of(value: &Tlv<'a>) -> Result<Self, Error> {
        let mut fields = value.reader()?;
        let oid = fields.oid()?;
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.tlv()?.full())
        };
        fields.finish()?;
        Ok(Self { oid, parameters })
    }
}

/// ```text
/// RevocationInfoChoice ::= CHOICE { crl CertificateList, other [1] IMPLICIT SEQUENCE {
///   otherRevInfoFormat OBJECT IDENTIFIER, otherRevInfo ANY } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherRevocationInfo<'a> {
    /// The format; `None` where the choice is not built as above.
    pub format: Option<Oid>,
    /// The information, all octets of the value; the whole choice where `format` is `None`.
    pub value: &'a [u8],
}

impl<'a> OtherRevocationInfo<'a> {
    fn of(choice: &Tlv<'a>) -> Self {
        let read = || {
            let mut fields = choice.reader()?;
            let format = fields.oid()?;
            let value = fields.tlv()?.full();
            fields.finish()?;
            Ok::<_, Error>((format, value))
        };
        match read() {
            Ok((format, value)) if choice.tag() == Tag::context(1) => Self {
                format: Some(format),
                value,
            },
            _ => Self {
                format: None,
                value: choice.full(),
            },
        }
    }
}

/// Checks that one more may be added to so many.
pub(crate) fn check_count(taken: usize, limit: usize) -> Result<(), Error> {
    if taken >= limit {
        return Err(too_large("too many items in a CMS structure"));
    }
    Ok(())
}

fn exceeds(octets: usize, limit: u64) -> bool {
    u64::try_from(octets).map_or(true, |octets| octets > limit)
}

fn too_large(detail: &'static str) -> Error {
    Error::new(ErrorKind::TooLarge, detail)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;
    use crate::cms::SignerIdentifier;
    use crate::cms::openssl::{EC, Openssl, RSA, corpus};
    use crate::crypto::{Digest, SignatureAlgorithm};
    use crate::der::write;
    use crate::tsp::TimeStampToken;

    fn parse(octets: &[u8]) -> Result<SignedData<'_>, Error> {
        SignedData::parse(octets, &Limits::default())
    }

    fn kind(octets: &[u8]) -> ErrorKind {
        parse(octets).unwrap_err().kind()
    }

    /// Reads everything there is to read.
    fn read_all(octets: &[u8]) -> bool {
        let limits = Limits::default();
        let _ = TimeStampToken::parse(octets, &limits);
        let Ok(signed_data) = parse(octets) else {
            return false;
        };
        assert!(signed_data.length <= octets.len());
        for signer in &signed_data.signer_infos {
            let _ = (signer.digest(), signer.signature_algorithm());
            let both = [&signer.signed_attributes, &signer.unsigned_attributes];
            for attributes in both.into_iter().flatten() {
                let _ = attributes.content_type();
                let _ = attributes.message_digest();
                let _ = attributes.signing_time();
                let _ = attributes.signing_certificate();
                let _ = attributes.signing_certificate_v2();
                let _ = attributes.algorithm_protection();
                let _ = attributes.revocation_info_archival();
                assert_eq!(
                    attributes.original_as_set().first(),
                    attributes.der_sorted().first()
                );
                for token in attributes.signature_time_stamps() {
                    let _ = TimeStampToken::parse(token, &limits);
                }
                for counter in attributes.counter_signatures() {
                    let _ = SignerInfo::parse(counter, &limits);
                }
            }
        }
        true
    }

    #[test]
    fn what_openssl_signs_is_read_and_its_attributes_are_what_was_signed() {
        let Some(openssl) = Openssl::found() else {
            return;
        };
        openssl.signer("rsa", RSA, "");
        openssl.signer("ec", EC, "");
        openssl.write("message", b"Quyet dinh so 1");
        let pss = "-keyopt rsa_padding_mode:pss";
        for (signer, options, ber, attached) in [
            ("rsa", "", false, false),
            ("rsa", "-nodetach", false, true),
            ("rsa", "-keyid", false, false),
            ("rsa", "-cades -md sha512", false, false),
            ("rsa", "-nodetach -stream", true, true),
            ("rsa", pss, false, false),
            ("ec", "-cades", false, false),
            ("ec", "-nocerts -md sha384", false, false),
        ] {
            let sign = format!(
                "cms -sign -binary -in message -signer {signer}.pem -inkey {signer}.key \
                 -outform DER -out out.p7s {options}"
            );
            assert!(openssl.run(&sign));
            let mut octets = openssl.read("out.p7s");
            let length = octets.len();
            octets.extend([0; 100]);
            let signed_data = parse(&octets).unwrap();
            assert_eq!(signed_data.length, length);
            assert_eq!(signed_data.is_ber, ber, "{options}");
            assert_eq!(signed_data.content_type, identifiers::DATA);
            let content = signed_data.content.as_deref();
            assert_eq!(content, attached.then_some(&b"Quyet dinh so 1"[..]));
            let certificate = openssl.read(&format!("{signer}.der"));
            if options.contains("-nocerts") {
                assert!(signed_data.certificates.is_empty());
            } else {
                assert_eq!(signed_data.certificates, [&certificate[..]]);
            }
            let [info] = &signed_data.signer_infos[..] else {
                panic!("one signer")
            };
            let by_key = matches!(info.sid, SignerIdentifier::SubjectKeyId(id) if id.len() == 20);
            assert_eq!(by_key, options.contains("-keyid"));
            let digest = info.digest().unwrap();
            let algorithm = info.signature_algorithm().unwrap();
            assert_eq!(algorithm.digest(), Some(digest));
            let is_pss = matches!(algorithm, SignatureAlgorithm::RsaPss { .. });
            assert_eq!(is_pss, options == pss);

            let attributes = info.signed_attributes.as_ref().unwrap();
            assert_eq!(attributes.content_type().unwrap(), Some(identifiers::DATA));
            let expected = Digest::of(digest, b"Quyet dinh so 1");
            let found = attributes.message_digest().unwrap().unwrap();
            assert_eq!(found, expected.as_bytes());
            assert!(attributes.signing_time().unwrap().is_some());
            assert_eq!(attributes.der_sorted(), attributes.original_as_set());
            if options.contains("-cades") {
                let v2 = attributes.signing_certificate_v2().unwrap().unwrap();
                assert!(v2[0].names(&certificate));
                assert!(!v2[0].names(b"another"));
                let entry = v2[0].issuer_serial.unwrap();
                let SignerIdentifier::IssuerAndSerial { issuer, serial } = info.sid else {
                    panic!("issuer and serial number")
                };
                assert_eq!((entry.issuer, entry.serial), (Some(issuer), serial));
            }

            openssl.write("attributes", &attributes.original_as_set());
            openssl.write("signature", &info.signature);
            let padding = if is_pss {
                "-sigopt rsa_padding_mode:pss"
            } else {
                ""
            };
            let name = digest.name().to_lowercase().replace('-', "");
            let verify = format!(
                "dgst -{name} {padding} -verify {signer}.pub -signature signature attributes"
            );
            assert!(openssl.run(&verify));
        }
    }

    #[test]
    fn every_prefix_and_every_changed_octet_is_answered_without_a_panic() {
        let Some(openssl) = Openssl::found() else {
            return;
        };
        openssl.signer("ec", EC, "");
        openssl.write("message", b"m");
        for options in ["-nodetach -stream -cades -nocerts", "-cades"] {
            let sign = format!(
                "cms -sign -binary -in message -signer ec.pem -inkey ec.key -outform DER \
                 -out out.p7s {options}"
            );
            assert!(openssl.run(&sign));
            let mut octets = openssl.read("out.p7s");
            for length in 0..octets.len() {
                assert!(!read_all(&octets[..length]));
            }
            assert!(read_all(&octets));
            for at in 0..octets.len() {
                let before = octets[at];
                for change in [
                    1,
                    2,
                    4,
                    8,
                    0x10,
                    0x20,
                    0x40,
                    0x80,
                    0xff,
                    before,
                    !before & 0x7f,
                ] {
                    octets[at] = before ^ change;
                    read_all(&octets);
                }
                octets[at] = before;
            }
        }
    }

    #[test]
    fn the_corpus_is_read() {
        let files = corpus("corpus/cms/dss-cades");
        for (name, octets) in &files {
            let signature = [".p7s", ".p7m", ".pkcs7", ".sig", ".tsr"];
            let expected =
                signature.iter().any(|end| name.ends_with(end)) && name != "malformed-cades.p7m";
            assert_eq!(read_all(octets), expected, "{name}");
        }
    }

    #[test]
    fn every_prefix_and_every_changed_octet_of_a_real_signature_is_answered() {
        let files = corpus("corpus/cms/dss-cades");
        let small = files
            .into_iter()
            .find(|(name, _)| name == "dss-2011__cades-detached.pkcs7");
        let Some((_, mut octets)) = small else { return };
        for length in 0..octets.len() {
            assert!(!read_all(&octets[..length]));
        }
        for at in 0..octets.len() {
            for change in [0x01, 0x80, 0xff] {
                octets[at] ^= change;
                read_all(&octets);
                octets[at] ^= change;
            }
        }
    }

    /// A `ContentInfo` with these fields of a `SignedData`.
    fn wrap(fields: &[Vec<u8>]) -> Vec<u8> {
        let id = write::oid(&identifiers::SIGNED_DATA);
        write::sequence(&[id, write::context(0, &[write::sequence(fields)])])
    }

    fn empty() -> Vec<u8> {
        write::set_of::<&[u8]>(&[])
    }

    fn data() -> Vec<u8> {
        write::sequence(&[write::oid(&identifiers::DATA)])
    }

    fn signer() -> Vec<u8> {
        let none: &[&[u8]] = &[];
        let algorithm = write::sequence(&[write::oid(&"2.16.840.1.101.3.4.2.1".parse().unwrap())]);
        let rsa = write::sequence(&[write::oid(&"1.2.840.113549.1.1.1".parse().unwrap())]);
        let sid = write::sequence(&[write::sequence(none), write::integer(5)]);
        let fields = [
            write::integer(1),
            sid,
            algorithm,
            rsa,
            write::octet_string(&[1]),
        ];
        write::sequence(&fields)
    }

    #[test]
    fn wrong_versions_and_incomplete_sets_are_tolerated() {
        let octets = wrap(&[
            write::integer(-7),
            empty(),
            data(),
            write::set_of(&[signer()]),
        ]);
        let signed_data = parse(&octets).unwrap();
        assert_eq!(signed_data.version, None);
        let info = &signed_data.signer_infos[0];
        let rsa = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
        assert_eq!(info.signature_algorithm(), Ok(rsa));
        assert!(info.signed_attributes.is_none());
        assert_eq!(info.up_to_signature.len() + 2, info.full.len());
        let octets = wrap(&[write::integer(99), empty(), data(), empty()]);
        assert_eq!(parse(&octets).unwrap().version, Some(99));
    }

    #[test]
    fn certificates_and_crls_come_in_any_order_and_other_formats_are_set_aside() {
        let none: &[&[u8]] = &[];
        let crl = write::sequence(&[write::null()]);
        let ocsp = write::context(1, &[write::oid(&identifiers::OCSP_RESPONSE), crl.clone()]);
        let crls = write::context(
            1,
            &[crl.clone(), ocsp, write::context(1, none), write::null()],
        );
        let certificate = write::sequence(&[write::integer(1)]);
        let others = [
            write::context(1, none),
            certificate.clone(),
            write::context(3, none),
        ];
        let certificates = write::context(0, &others);
        for order in [[&certificates, &crls], [&crls, &certificates]] {
            let fields = [
                &write::integer(1),
                &empty(),
                &data(),
                order[0],
                order[1],
                &empty(),
            ]
            .map(Clone::clone);
            let octets = wrap(&fields);
            let signed_data = parse(&octets).unwrap();
            assert_eq!(signed_data.certificates, [&certificate[..]]);
            assert_eq!(signed_data.other_certificates.len(), 2);
            assert_eq!(signed_data.crls, [&crl[..]]);
            let formats: Vec<_> = signed_data
                .other_revocation
                .iter()
                .map(|o| o.format)
                .collect();
            assert_eq!(formats, [Some(identifiers::OCSP_RESPONSE), None, None]);
            assert_eq!(signed_data.other_revocation[0].value, crl);
            assert!(signed_data.signer_infos.is_empty());
        }
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let none: &[&[u8]] = &[];
        let version = write::integer(1);
        let set = write::context(0, none);
        let behind = write::null();
        let two_contents = write::sequence(&[
            write::oid(&identifiers::DATA),
            write::context(0, &[write::octet_string(&[1]), write::octet_string(&[2])]),
        ]);
        let long_signer = write::sequence(&[
            &Reader::new(&signer(), 8).tlv().unwrap().content(),
            &&behind[..],
        ]);
        let content_as_sequence =
            write::sequence(&[write::oid(&identifiers::DATA), write::context(0, &[data()])]);
        for fields in [
            vec![&version, &empty(), &data(), &set, &set, &empty()],
            vec![&version, &empty(), &data(), &empty(), &behind],
            vec![&version, &empty(), &data(), &empty(), &empty()],
            vec![&version, &empty(), &data(), &behind, &empty()],
            vec![&version, &empty(), &two_contents, &empty()],
            vec![&version, &empty(), &content_as_sequence, &empty()],
            vec![&version, &empty(), &data(), &write::set_of(&[&long_signer])],
            vec![&version, &data(), &empty()],
            vec![&version, &empty(), &data()],
            vec![&empty(), &data(), &empty()],
            vec![],
        ] {
            let fields: Vec<_> = fields.into_iter().cloned().collect();
            assert_eq!(kind(&wrap(&fields)), ErrorKind::Malformed);
        }
    }

    #[test]
    fn another_content_type_is_unsupported() {
        let id = write::oid(&identifiers::DATA);
        let octets = write::sequence(&[id, write::context(0, &[write::octet_string(&[1])])]);
        assert_eq!(kind(&octets), ErrorKind::Unsupported);
    }

    #[test]
    fn hundreds_of_signers_are_read_and_more_are_a_limit() {
        let with = |count: usize| {
            let signers = write::set_of(&vec![signer(); count]);
            wrap(&[write::integer(1), empty(), data(), signers])
        };
        assert_eq!(parse(&with(300)).unwrap().signer_infos.len(), 300);
        assert_eq!(kind(&with(1_001)), ErrorKind::TooLarge);
    }

    #[test]
    fn attached_content_does_not_count_towards_the_size_of_the_structure() {
        let limits = Limits {
            cms_size: 200,
            attachment_size: 1_000,
            ..Limits::default()
        };
        let with = |content: Vec<u8>| {
            let content = write::context(0, &[content]);
            let info = write::sequence(&[write::oid(&identifiers::DATA), content]);
            wrap(&[write::integer(1), empty(), info, empty()])
        };
        let whole = with(write::octet_string(&[7; 5_000]));
        let read = SignedData::parse(&whole, &limits).unwrap();
        assert!(matches!(read.content, Some(Cow::Borrowed(content)) if content.len() == 5_000));
        let segments = |size: usize| {
            let half = write::octet_string(&vec![7; size]);
            with(write::tlv(0x24, &[half.clone(), half].concat()))
        };
        let joined = segments(400);
        let read = SignedData::parse(&joined, &limits).unwrap();
        assert_eq!(read.content.unwrap().len(), 800);
        assert!(read.is_ber);
        let error = SignedData::parse(&segments(600), &limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        let certificates = write::context(0, &[write::sequence(&[write::octet_string(&[0; 300])])]);
        let large = wrap(&[write::integer(1), empty(), data(), certificates, empty()]);
        let error = SignedData::parse(&large, &limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }
}
