//! [`from_pkcs12`]: a key and its certificates from a `.p12` or `.pfx` file (RFC 7292).

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;

use crate::crypto::asn1::{self, INTEGER, Reader, SEQUENCE};
use crate::crypto::private::PrivateKey;
use crate::crypto::public::PublicKey;
use crate::error::{Error, ErrorKind};

/// The first key of the file that has a certificate there, and the certificates in DER: the key's
/// own first, then its issuers as far as the file holds them, then the rest.
///
/// Reads what Windows and OpenSSL wrote before 2020 (RC2 or 3DES, SHA-1) and what they write
/// since (AES, SHA-256). A wrong password is [`ErrorKind::KeyPassword`].
pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<(PrivateKey, Vec<Vec<u8>>), Error> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, password).map_err(refusal)?;
    let mut certificates: Vec<Vec<u8>> = Vec::new();
    for bag in &archive.certs {
        let der = bag.cert.as_der();
        if !certificates.iter().any(|known| known == der) {
            certificates.push(der.to_vec());
        }
    }
    let mut unusable = None;
    for bag in &archive.keys {
        let key = match PrivateKey::from_pkcs8_der(bag.key.as_der()) {
            Ok(key) => key,
            Err(error) => {
                unusable.get_or_insert(error);
                continue;
            }
        };
        if let Some(own) = certificates.iter().position(|der| belongs(der, &key)) {
            let leaf = certificates.remove(own);
            return Ok((key, chain(leaf, certificates)));
        }
    }
    Err(unusable.unwrap_or_else(|| match archive.keys.is_empty() {
        true => Error::new(ErrorKind::Malformed, "PKCS#12 file without a private key"),
        false => Error::new(
            ErrorKind::KeyMismatch,
            "no certificate in the PKCS#12 file belongs to its key",
        ),
    }))
}

fn refusal(error: Pkcs12Error) -> Error {
    let (kind, what) = match &error {
        // The check value over the whole file, or padding that did not come out where a file has
        // no such value.
        Pkcs12Error::MacError(_) | Pkcs12Error::UnpadError | Pkcs12Error::Pkcs5Error(_) => {
            (ErrorKind::KeyPassword, "wrong password of the PKCS#12 file")
        }
        Pkcs12Error::UnsupportedContentType
        | Pkcs12Error::UnsupportedCertificateType
        | Pkcs12Error::UnsupportedEncryptionScheme
        | Pkcs12Error::UnsupportedMacAlgorithm => {
            (ErrorKind::Unsupported, "protection of the PKCS#12 file")
        }
        Pkcs12Error::InvalidParameters => (ErrorKind::TooLarge, "iterations of the PKCS#12 file"),
        _ => (ErrorKind::Malformed, "PKCS#12 file"),
    };
    Error::new(kind, what).caused_by(error)
}

fn belongs(certificate: &[u8], key: &PrivateKey) -> bool {
    fields(certificate)
        .and_then(|fields| PublicKey::from_spki_der(fields.spki).ok())
        .is_some_and(|public| public == *key.public_key())
}

/// Orders by issuer, compared octet by octet: this is a convenience, no judgement of a path.
fn chain(leaf: Vec<u8>, mut rest: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut ordered = vec![leaf];
    while let Some(last) = ordered.last().and_then(|der| fields(der)) {
        let issuer = rest
            .iter()
            .position(|der| fields(der).is_some_and(|candidate| candidate.subject == last.issuer));
        match issuer {
            Some(position) if last.issuer != last.subject => ordered.push(rest.remove(position)),
            _ => break,
        }
    }
    ordered.append(&mut rest);
    ordered
}

/// The three fields of a certificate that order a chain.
struct Fields<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    spki: &'a [u8],
}

fn fields(certificate: &[u8]) -> Option<Fields<'_>> {
    let mut tbs = Reader(Reader(asn1::only(certificate, SEQUENCE)?).take(SEQUENCE)?);
    tbs.take(0xa0);
    tbs.take(INTEGER)?;
    tbs.take(SEQUENCE)?;
    let issuer = tbs.next()?.full;
    tbs.take(SEQUENCE)?;
    let subject = tbs.next()?.full;
    let spki = tbs.next()?.full;
    Some(Fields {
        issuer,
        subject,
        spki,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures::Workshop;

    #[test]
    fn old_and_new_files_open_with_their_password_and_give_the_chain_leaf_first() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        let rsa = "-newkey rsa:2048 -nodes";
        shop.run(&format!(
            "req -x509 {rsa} -keyout ca.key -out ca.pem -subj /C=VN/CN=Goc -days 30"
        ));
        shop.run(&format!(
            "req {rsa} -keyout k.pem -out leaf.csr -subj /C=VN/CN=La"
        ));
        shop.run("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 7 -out leaf.pem");
        shop.run("x509 -in leaf.pem -outform DER -out leaf.der");
        shop.run("x509 -in ca.pem -outform DER -out ca.der");
        let export =
            "pkcs12 -export -inkey k.pem -in leaf.pem -certfile ca.pem -out f.p12 -passout";
        let old = "pass:bimat -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1";
        let older = "pass:bimat -legacy";
        for how in [
            "pass:bimat",
            old,
            older,
            "pass:bimat -nomac",
            "pass:bimat -descert",
        ] {
            if !shop.try_run(&format!("{export} {how}")) {
                println!("skipped: this openssl does not write {how}");
                continue;
            }
            let file = shop.read("f.p12");
            let (key, certificates) = from_pkcs12(&file, "bimat").unwrap();
            assert_eq!(
                certificates,
                [shop.read("leaf.der"), shop.read("ca.der")],
                "{how}"
            );
            assert_eq!(key.public_key().bits(), 2048);
            let error = from_pkcs12(&file, "sai").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::KeyPassword, "{how}");
        }
        assert_eq!(
            from_pkcs12(b"none", "").unwrap_err().kind(),
            ErrorKind::Malformed
        );
    }

    #[test]
    fn a_file_without_a_certificate_for_its_key_is_a_mismatch() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        shop.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key");
        shop.run("pkcs12 -export -nocerts -inkey a.key -out f.p12 -passout pass:x");
        let error = from_pkcs12(&shop.read("f.p12"), "x").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KeyMismatch);
    }
}
