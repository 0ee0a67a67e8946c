//! `kyso sign prepare` and `kyso sign complete`: the key is a phone's, an HSM's, a service's; hours
//! and hosts may lie between the two.

use std::path::Path;

use kyso::crypto::{DigestAlgorithm, KeyKind, SignatureAlgorithm};
use kyso::report::{Kind, json_line};
use kyso::{Answer, Certificate, ErrorKind, Prepared};
use serde_json::json;

use crate::args::{Complete, Format, Prepare};
use crate::failure::{Failure, not_offered, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, note, print};
use crate::sign::{announce, certificates};

/// Writes the state and prints the digest.
pub(crate) fn prepare(arguments: Prepare, lang: Lang) -> Result<u8, Failure> {
    arguments.form.check()?;
    let existing = output::existing(arguments.force);
    if output::is_dash(&arguments.state) {
        return Err(Failure::usage(
            "--state cần một tệp: đầu ra chuẩn dành cho giá trị băm",
            "--state needs a file: standard output is for the digest",
        ));
    }
    output::check(&arguments.state, existing)?;
    let chain = certificates(&arguments.cert)?;
    let algorithm = match arguments.algorithm {
        Some(algorithm) => algorithm,
        None => usual(&chain)?,
    };
    let input = input::open(&arguments.input)?;
    let mut signing = arguments.form.apply(kyso::sign::pdf(&input, input::now()?));
    if let Some(octets) = arguments.reserve {
        signing = signing.reserve(octets);
    }
    let prepared = signing
        .prepare(&chain, algorithm)
        .map_err(|error| Failure::about(&arguments.input, error))?;
    output::write(&arguments.state, existing, |out| {
        out.write_all(&prepared.to_bytes())
    })?;
    let digest = prepared.digest();
    match arguments.format {
        Format::Json => {
            let said = json!({
                "schema": "kyso-prepared/1",
                "file": shown(&arguments.input),
                "state": shown(&arguments.state),
                "field": prepared.field(),
                "algorithm": prepared.algorithm().to_string(),
                "digest_algorithm": digest.algorithm().name(),
                "digest": digest.to_hex(),
            });
            print(&json_line(&said))?;
        }
        Format::Text => {
            print(&digest.to_hex())?;
            hint(&arguments.input, &arguments.state, &prepared, lang);
        }
    }
    Ok(status::DONE)
}

/// Puts the signature in and writes the signed file.
pub(crate) fn complete(arguments: &Complete, lang: Lang) -> Result<u8, Failure> {
    let existing = output::existing(arguments.force);
    output::check(&arguments.output, existing)?;
    let state = input::open(&arguments.state)?;
    let prepared =
        Prepared::from_bytes(&state).map_err(|error| Failure::about(&arguments.state, error))?;
    let answer = input::open(&arguments.signature)?;
    let value = value(&arguments.signature, &answer)?;
    let input = input::open(&arguments.input)?;
    let signed = prepared
        .complete(&input, Answer::Raw(value))
        .map_err(|error| Failure::about(&arguments.input, error))?;
    output::write(&arguments.output, existing, |mut out| {
        signed.write_to(&mut out)
    })?;
    announce(&arguments.output, lang);
    Ok(status::DONE)
}

fn hint(input: &Path, state: &Path, prepared: &Prepared, lang: Lang) {
    let [input, state] = [input, state].map(output::quoted_path);
    let algorithm = prepared.algorithm();
    note(&pick(
        lang,
        format!(
            "Hãy ký giá trị băm này bằng {algorithm} (ký đúng giá trị băm, không băm thêm lần nữa), \
             rồi:\n  kyso sign complete {input} --state {state} --signature CHỮ_KÝ -o RA.pdf"
        ),
        format!(
            "Have this digest signed with {algorithm} (as a digest: do not hash it once more), \
             then:\n  kyso sign complete {input} --state {state} --signature SIGNATURE -o OUT.pdf"
        ),
    ));
}

/// The algorithm that everyone uses with a key of this kind.
fn usual(chain: &[Certificate]) -> Result<SignatureAlgorithm, Failure> {
    let kind = chain.first().map(|own| own.public_key().kind());
    Ok(match kind {
        Some(KeyKind::Rsa) => SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
        Some(KeyKind::P256) => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
        Some(KeyKind::P384) => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
        Some(KeyKind::P521) => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512),
        Some(KeyKind::Ed25519) => SignatureAlgorithm::Ed25519,
        _ => {
            return Err(Failure::usage(
                "không biết thuật toán nào hợp với khóa của chứng thư: hãy nêu --algorithm",
                "no usual algorithm for this certificate's key: name one with --algorithm",
            ));
        }
    })
}

/// A signature value as services hand it out: octets as they are, hex or base64.
fn value(path: &Path, answer: &[u8]) -> Result<Vec<u8>, Failure> {
    if kyso::verify::kind(answer) == Kind::Cms {
        return Err(not_offered("--signature with a whole CMS"));
    }
    let text = answer.trim_ascii();
    // A raw value that is text by chance has a chance of less than one in 2^60.
    if !text
        .iter()
        .all(|octet| octet.is_ascii_graphic() || octet.is_ascii_whitespace())
    {
        return Ok(answer.to_vec());
    }
    unhex(text)
        .or_else(|| base64_simd::forgiving_decode_to_vec(text).ok())
        .filter(|value| !value.is_empty())
        .ok_or_else(|| {
            Failure::said(
                ErrorKind::Malformed,
                format!(
                    "{}: không phải chữ ký dạng thô, hex hay base64",
                    shown(path)
                ),
                format!("{}: no signature as raw octets, hex or base64", shown(path)),
            )
        })
}

/// Hex as tools print it, with colons or white space between the digits or without.
fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|octet| *octet != b':' && !octet.is_ascii_whitespace())
        .collect();
    let digit = |octet: u8| {
        char::from(octet)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_taken_raw_in_hex_or_in_base64() {
        let raw: Vec<u8> = (0..=255).collect();
        let path = Path::new("signature");
        assert_eq!(value(path, &raw).unwrap(), raw);
        let hex: String = raw.iter().map(|octet| format!("{octet:02X}:")).collect();
        assert_eq!(value(path, hex.as_bytes()).unwrap(), raw);
        let base64 = base64_simd::STANDARD.encode_to_string(&raw);
        let lines = format!("{}\r\n{}\n", &base64[..76], &base64[76..]);
        assert_eq!(value(path, lines.as_bytes()).unwrap(), raw);
        assert!(value(path, b"not a signature!\n").is_err());
        assert!(value(path, b"\n").is_err());
    }
}
