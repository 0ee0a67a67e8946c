//! What the authority of a folder says to those who ask: status, lists, certificates, time.
//!
//! A question in, an answer out; the socket is [`Server`](crate::Server)'s.

use std::path::{Path, PathBuf};

use rand_core::{OsRng, RngCore};

use crate::disk::hex;
use crate::error::SandboxError;
use crate::folder::{Folder, Issuer};
use crate::issued::Issued;
use crate::ocsp::{OcspCertId, OcspRecipe, OcspRefusal, OcspRequest, OcspSingle, OcspStatus};
use crate::time_stamp::{
    TIME_STAMP_POLICY, TimeStampRecipe, TimeStampRefusal, TimeStampRequest, time_stamp_granted,
};

/// An answer in terms of HTTP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// The services of a folder's authority:
///
/// | question | answer |
/// |---|---|
/// | `POST /ocsp`, `GET /ocsp/{base64}` | status (RFC 6960) |
/// | `GET /root.crl`, `GET /issuing.crl` | lists as they are now |
/// | `GET /root.crt`, `GET /issuing.crt` | certificates, DER |
/// | `POST /tsa` | time-stamps (RFC 3161) |
/// | `GET /cps` | what the certificates are worth |
///
/// Each question is answered by the folder as it then is, so a revocation counts at once.
#[derive(Clone, Debug)]
pub struct Service {
    path: PathBuf,
    responder: Issued,
    time_stamper: Issued,
}

impl Service {
    /// Opens the folder that [`Authority::write_to`](crate::Authority::write_to) wrote.
    ///
    /// # Errors
    /// [`SandboxError::Folder`] or [`SandboxError::Io`] when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, SandboxError> {
        let folder = Folder::open(path)?;
        Ok(Service {
            path: path.to_owned(),
            responder: folder.load("responder")?,
            time_stamper: folder.load("time-stamper")?,
        })
    }

    /// Answers `method` of `target` (a path) with `body` at `now`, Unix time.
    pub fn answer(&self, method: &str, target: &str, body: &[u8], now_unix: i64) -> Answer {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let answer = match (method, path) {
            ("POST", "/ocsp" | "/ocsp/") => self.ocsp(body, now_unix),
            ("GET" | "HEAD", path) if path.starts_with("/ocsp/") => {
                match question_in(path.trim_start_matches("/ocsp/")) {
                    Some(question) => self.ocsp(&question, now_unix),
                    None => Ok(ocsp_answer(OcspRefusal::MalformedRequest.to_der())),
                }
            }
            ("POST", "/tsa" | "/tsa/") => self.time_stamp(body, now_unix),
            ("GET" | "HEAD", "/cps") => Ok(text(200, PRACTICE)),
            ("GET" | "HEAD", "/" | "") => Ok(text(200, ADDRESSES)),
            (_, "/ocsp" | "/tsa" | "/cps" | "/") => Ok(text(405, "another method is wanted\n")),
            ("GET" | "HEAD", path) => self.file(path, now_unix),
            _ => Ok(text(404, "there is nothing here\n")),
        };
        answer.unwrap_or_else(|error| text(500, &format!("{error}\n")))
    }

    fn file(&self, path: &str, now: i64) -> Result<Answer, SandboxError> {
        let (name, kind) = path.rsplit_once('.').unwrap_or((path, ""));
        let issuer = match name {
            "/root" => Issuer::Root,
            "/issuing" => Issuer::Issuing,
            _ => return Ok(text(404, "there is nothing here\n")),
        };
        let folder = Folder::open(&self.path)?;
        Ok(match kind {
            "crl" => Answer {
                status: 200,
                content_type: "application/pkix-crl",
                body: folder.crl(issuer, now, now.saturating_add(LIST_LASTS))?,
            },
            "crt" => Answer {
                status: 200,
                content_type: "application/pkix-cert",
                body: folder.issuer(issuer).certificate_der.clone(),
            },
            _ => text(404, "there is nothing here\n"),
        })
    }

    fn ocsp(&self, question: &[u8], now: i64) -> Result<Answer, SandboxError> {
        let Some(request) = OcspRequest::read(question) else {
            return Ok(ocsp_answer(OcspRefusal::MalformedRequest.to_der()));
        };
        let folder = Folder::open(&self.path)?;
        // One answer has one signer: the root for its own certificates, else the responder.
        let mut issuer = None;
        for id in &request.ids {
            let of = if id.is_of(folder.issuer(Issuer::Issuing))? {
                Issuer::Issuing
            } else if id.is_of(folder.issuer(Issuer::Root))? {
                Issuer::Root
            } else {
                return Ok(ocsp_answer(OcspRefusal::Unauthorised.to_der()));
            };
            if *issuer.get_or_insert(of) != of {
                return Ok(ocsp_answer(OcspRefusal::Unauthorised.to_der()));
            }
        }
        let issuer = issuer.unwrap_or(Issuer::Issuing);
        let mut answer = OcspRecipe::new(now);
        answer.nonce = request.nonce;
        let beginning = folder.beginning()?;
        for id in request.ids {
            let status = status_of(&folder, issuer, &id, now);
            let next = now.saturating_add(STATUS_LASTS);
            let mut single = OcspSingle::new(id, status, now, next);
            single.archive_cutoff = Some(beginning);
            answer.singles.push(single);
        }
        let der = match issuer {
            Issuer::Root => answer.signed_by(folder.issuer(Issuer::Root))?,
            Issuer::Issuing => {
                answer.certificates = vec![self.responder.certificate_der.clone()];
                answer.signed_by(&self.responder)?
            }
        };
        Ok(ocsp_answer(der))
    }

    fn time_stamp(&self, question: &[u8], now: i64) -> Result<Answer, SandboxError> {
        let refused = |refusal: TimeStampRefusal, why: &str| Ok(stamp_answer(refusal.to_der(why)));
        let request = match TimeStampRequest::read(question) {
            Ok(request) => request,
            Err(refusal) => return refused(refusal, "the question cannot be read"),
        };
        let policy = request.policy.as_deref().unwrap_or(TIME_STAMP_POLICY);
        if policy != TIME_STAMP_POLICY {
            let why = "this policy is not offered";
            return refused(TimeStampRefusal::UnacceptedPolicy, why);
        }
        if request.has_extensions {
            let why = "extensions are not understood";
            return refused(TimeStampRefusal::UnacceptedExtension, why);
        }
        let mut recipe = TimeStampRecipe::answering(&request, now);
        let mut serial = [0_u8; 16];
        OsRng.fill_bytes(&mut serial);
        recipe.serial = serial.to_vec();
        if request.wants_certificates {
            // As the national tokens: the signer's and the root's.
            let folder = Folder::open(&self.path)?;
            let root = folder.issuer(Issuer::Root).certificate_der.clone();
            recipe.certificates = vec![root];
        }
        let token = recipe.signed_by(&self.time_stamper)?;
        Ok(stamp_answer(time_stamp_granted(&token)))
    }
}

fn status_of(folder: &Folder, issuer: Issuer, id: &OcspCertId, now: i64) -> OcspStatus {
    let serial = hex(id.serial());
    let of_issuer = |record: &&crate::Record| record.issuer == issuer && record.serial == serial;
    let Some(record) = folder.records().iter().find(of_issuer) else {
        return OcspStatus::Unknown;
    };
    match record.revoked.filter(|revoked| revoked.at <= now) {
        Some(revoked) => OcspStatus::Revoked {
            at: revoked.at,
            reason: revoked.reason,
        },
        None => OcspStatus::Good,
    }
}

/// The question of a GET (RFC 6960 App. A.1): base64, with some of it percent-encoded.
fn question_in(path: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            octets.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            octets.push(*first);
            rest = after;
        }
    }
    base64_simd::STANDARD.decode_to_vec(octets).ok()
}

fn ocsp_answer(body: Vec<u8>) -> Answer {
    Answer {
        status: 200,
        content_type: "application/ocsp-response",
        body,
    }
}

fn stamp_answer(body: Vec<u8>) -> Answer {
    Answer {
        status: 200,
        content_type: "application/timestamp-reply",
        body,
    }
}

pub(crate) fn text(status: u16, body: &str) -> Answer {
    Answer {
        status,
        content_type: "text/plain; charset=utf-8",
        body: body.as_bytes().to_vec(),
    }
}

/// How long a list and a status are good for, in seconds.
const LIST_LASTS: i64 = 7 * 86_400;
const STATUS_LASTS: i64 = 86_400;

const PRACTICE: &str = "\
Chứng thư thử nghiệm, không có giá trị pháp lý.
Certificates to develop with. They have no legal value.
";
const ADDRESSES: &str = "\
POST /ocsp, GET /ocsp/BASE64
GET /root.crl, /issuing.crl, /root.crt, /issuing.crt
POST /tsa
GET /cps
";
