//! `kyso sign prepare` and `kyso sign complete`: the key is a phone's, an HSM's, a service's; hours
//! and hosts may lie between the two.

use std::path::Path;

use kyso::crypto::{DigestAlgorithm, KeyKind, SignatureAlgorithm};
use kyso::report::json_line;
use kyso::sign::Level;
use kyso::{Answer, Certificate, ErrorKind, Prepared, PreparedDocument};
use serde_json::{Value, json};

use crate::args::{Complete, Format, Hash, Prepare};
use crate::batch;
use crate::extend::Raising;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, note, print};
use crate::sign::{announce, certificates};

/// Writes the state and prints the digest.
pub(crate) fn prepare(arguments: Prepare, lang: Lang) -> Result<u8, Failure> {
    if let Some(states) = &arguments.states {
        return batch::prepare(&arguments, states, lang);
    }
    let (Some(state), true) = (&arguments.state, arguments.input.len() <= 1) else {
        return Err(several());
    };
    let existing = output::existing(arguments.force);
    if output::is_dash(state) {
        return Err(Failure::usage(
            "--state cần một tệp: đầu ra chuẩn dành cho giá trị băm",
            "--state needs a file: standard output is for the digest",
        ));
    }
    output::check(state, existing)?;
    let waiting = match (&arguments.from, arguments.input.first()) {
        (Some(from), _) => Waiting::with_signer(from, &arguments)?,
        (None, Some(input)) => Waiting::lay(input, &arguments)?,
        (None, None) => return Err(several()),
    };
    output::write(state, existing, |out| out.write_all(&waiting.state()))?;
    let input = arguments.input.first();
    match arguments.format {
        Format::Json => print(&json_line(&waiting.told(input.map(|i| &**i), state)))?,
        Format::Text => {
            print(&waiting.digest())?;
            waiting.hint(input.map(|i| &**i), state, lang);
        }
    }
    Ok(status::DONE)
}

/// Puts the signature in and writes the signed file.
pub(crate) fn complete(mut arguments: Complete, lang: Lang) -> Result<u8, Failure> {
    let raising = Raising::new(std::mem::take(&mut arguments.raise), lang)?;
    let arguments = &arguments;
    if let Some(states) = &arguments.states {
        return batch::complete(arguments, states, &raising, lang);
    }
    let (Some(state_path), [path]) = (&arguments.state, &*arguments.input) else {
        return Err(several());
    };
    let existing = output::existing(arguments.force);
    output::check(&arguments.output, existing)?;
    let state = input::open(state_path)?;
    let answer = value(&arguments.signature, &input::open(&arguments.signature)?)?;
    let input = input::open(path)?;
    let signed = finish(state_path, &state, path, &input, answer, raising.level()?)?;
    output::write(&arguments.output, existing, |mut out| {
        signed.write_to(&mut out)
    })?;
    announce(&arguments.output, lang);
    Ok(status::DONE)
}

/// The last step with a state of either kind.
pub(crate) fn finish<'i>(
    state_path: &Path,
    state: &[u8],
    path: &Path,
    input: &'i [u8],
    answer: Answer,
    level: Level<'_>,
) -> Result<kyso::Signed<'i>, Failure> {
    let of_state = |error| Failure::about(state_path, error);
    let of_input = |error| Failure::about(path, error);
    match (Prepared::from_bytes(state), answer) {
        (Ok(prepared), answer) => prepared.complete_at(input, answer, level).map_err(of_input),
        (Err(error), Answer::Cms(cms)) if error.kind() == ErrorKind::Misuse => {
            let document = PreparedDocument::from_bytes(state).map_err(of_state)?;
            document.complete_at(input, &cms, level).map_err(of_input)
        }
        (Err(error), _) if error.kind() == ErrorKind::Misuse => Err(Failure::usage(
            format!(
                "{}: chuẩn bị không có chứng thư nên cần cả CMS; nếu đã biết chứng thư, trước hết chạy: kyso sign prepare --from {} --cert TỆP --state TỆP_MỚI",
                shown(state_path),
                output::quoted_path(state_path)
            ),
            format!(
                "{}: prepared without a certificate, so a whole CMS is needed; if the certificate is known now, first run: kyso sign prepare --from {} --cert FILE --state NEW_FILE",
                shown(state_path),
                output::quoted_path(state_path)
            ),
        )),
        (Err(error), _) => Err(of_state(error)),
    }
}

/// What was prepared.
pub(crate) enum Waiting {
    /// For a signer that is known.
    Value(Prepared),
    /// For whoever makes a whole CMS.
    Cms(PreparedDocument),
}

impl Waiting {
    /// The first step over a file.
    pub(crate) fn lay(path: &Path, arguments: &Prepare) -> Result<Self, Failure> {
        let input = input::open(path)?;
        let form = &arguments.form;
        let signing = form.apply(kyso::sign::pdf(&input, input::now()?));
        let mut signing = arguments.show.apply(signing)?;
        if let Some(octets) = arguments.reserve {
            signing = signing.reserve(octets);
        }
        let chain = certificates(&arguments.cert)?;
        let prepared = match chain.is_empty() {
            false => signing
                .prepare(&chain, algorithm(arguments, &chain)?)
                .map(Self::Value),
            true => {
                let hash = arguments.digest.unwrap_or(Hash::Sha256);
                signing.prepare_document(hash.algorithm()).map(Self::Cms)
            }
        };
        prepared.map_err(|error| Failure::about(path, error))
    }

    /// A state that gets its signer.
    fn with_signer(path: &Path, arguments: &Prepare) -> Result<Self, Failure> {
        let state = input::open(path)?;
        let chain = certificates(&arguments.cert)?;
        let algorithm = algorithm(arguments, &chain)?;
        PreparedDocument::from_bytes(&state)
            .and_then(|document| document.with_signer(&chain, algorithm))
            .map(Self::Value)
            .map_err(|error| Failure::about(path, error))
    }

    pub(crate) fn state(&self) -> Vec<u8> {
        match self {
            Self::Value(prepared) => prepared.to_bytes(),
            Self::Cms(document) => document.to_bytes(),
        }
    }

    /// What has to be signed, or be in the CMS, in hex.
    pub(crate) fn digest(&self) -> String {
        match self {
            Self::Value(prepared) => prepared.digest().to_hex(),
            Self::Cms(document) => document.document_digest().to_hex(),
        }
    }

    /// Both digests, for the two kinds of services. `digest` is the one to be signed with a bare
    /// key, and `null` while nobody knows whose.
    pub(crate) fn told(&self, input: Option<&Path>, state: &Path) -> Value {
        let (document, field) = match self {
            Self::Value(prepared) => (prepared.document_digest(), prepared.field()),
            Self::Cms(document) => (document.document_digest(), document.field()),
        };
        let signer = match self {
            Self::Value(prepared) => Some(prepared),
            Self::Cms(_) => None,
        };
        json!({
            "schema": "kyso-prepared/1",
            "file": input.map(shown),
            "state": shown(state),
            "field": field,
            "algorithm": signer.map(|prepared| prepared.algorithm().to_string()),
            "digest_algorithm": document.algorithm().name(),
            "digest": signer.map(|prepared| prepared.digest().to_hex()),
            "document_digest": document.to_hex(),
        })
    }

    fn hint(&self, input: Option<&Path>, state: &Path, lang: Lang) {
        let input = input.map_or_else(|| "IN".to_owned(), output::quoted_path);
        let state = output::quoted_path(state);
        note(&match self {
            Self::Value(prepared) => {
                let algorithm = prepared.algorithm();
                pick(
                    lang,
                    format!(
                        "Hãy ký giá trị băm này bằng {algorithm} (ký đúng giá trị băm, không băm thêm lần nữa), \
                         rồi:\n  kyso sign complete {input} --state {state} --signature CHỮ_KÝ -o RA.pdf"
                    ),
                    format!(
                        "Have this digest signed with {algorithm} (as a digest: do not hash it once more), \
                         then:\n  kyso sign complete {input} --state {state} --signature SIGNATURE -o OUT.pdf"
                    ),
                )
            }
            Self::Cms(_) => pick(
                lang,
                format!(
                    "Đây là giá trị băm của tài liệu, dành cho dịch vụ tạo cả CMS:\n  kyso sign complete {input} --state {state} --signature CMS -o RA.pdf\nNếu về sau mới biết chứng thư:\n  kyso sign prepare --from {state} --cert CHỨNG_THƯ --state TỆP_MỚI"
                ),
                format!(
                    "This is the digest of the document, for a service that makes a whole CMS:\n  kyso sign complete {input} --state {state} --signature CMS -o OUT.pdf\nIf the certificate is known later:\n  kyso sign prepare --from {state} --cert CERTIFICATE --state NEW_FILE"
                ),
            ),
        });
    }
}

fn algorithm(arguments: &Prepare, chain: &[Certificate]) -> Result<SignatureAlgorithm, Failure> {
    match arguments.algorithm {
        Some(algorithm) => Ok(algorithm),
        None => usual(chain),
    }
}

fn several() -> Failure {
    Failure::usage(
        "với nhiều tệp, hãy dùng --states THƯ_MỤC thay cho --state",
        "with several files, use --states DIR in place of --state",
    )
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
fn value(path: &Path, answer: &[u8]) -> Result<Answer, Failure> {
    let octets = octets(answer).ok_or_else(|| {
        let path = shown(path);
        Failure::said(
            ErrorKind::Malformed,
            format!("{path}: không phải chữ ký dạng thô, hex, base64, cũng không phải CMS"),
            format!("{path}: no signature as raw octets, hex or base64, and no CMS"),
        )
    })?;
    Ok(Answer::of(octets))
}

/// The octets of an answer that may be text.
pub(crate) fn octets(answer: &[u8]) -> Option<Vec<u8>> {
    let text = answer.trim_ascii();
    // A raw value that is text by chance has a chance of less than one in 2^60.
    if !text
        .iter()
        .all(|octet| octet.is_ascii_graphic() || octet.is_ascii_whitespace())
    {
        return Some(answer.to_vec());
    }
    let inside = between_pem_lines(text);
    unhex(text)
        .or_else(|| base64_simd::forgiving_decode_to_vec(inside.as_deref().unwrap_or(text)).ok())
        .filter(|value| !value.is_empty())
}

/// What stands between `-----BEGIN …-----` and `-----END …-----`.
fn between_pem_lines(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let (_, text) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (text, _) = text.split_once("-----END ")?;
    Some(text.as_bytes().to_vec())
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
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_taken_raw_in_hex_or_in_base64() {
        let raw: Vec<u8> = (0..=255).collect();
        let path = Path::new("signature");
        let value = |path: &Path, answer: &[u8]| match value(path, answer)? {
            Answer::Raw(octets) => Ok(octets),
            other => panic!("{other:?}"),
        };
        assert_eq!(value(path, &raw).unwrap(), raw);
        let hex: String = raw.iter().map(|octet| format!("{octet:02X}:")).collect();
        assert_eq!(value(path, hex.as_bytes()).unwrap(), raw);
        let base64 = base64_simd::STANDARD.encode_to_string(&raw);
        let lines = format!("{}\r\n{}\n", &base64[..76], &base64[76..]);
        assert_eq!(value(path, lines.as_bytes()).unwrap(), raw);
        let refused: [Result<Vec<u8>, Failure>; 2] =
            [value(path, b"not a signature!\n"), value(path, b"\n")];
        assert!(refused.iter().all(Result::is_err));
    }
}
