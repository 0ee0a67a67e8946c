//! `kyso_verifier`: by what files are judged.

use std::ffi::c_char;
use std::mem;

use kyso::{
    Bundle, Certificate, ErrorKind, Limits, Policy, Revocation, Time, TrustStore, Verifier,
};
use kyso_map::Access;

use crate::border::{Caller, Handle, misuse};
use crate::certificate::kyso_certificates;
use crate::error::kyso_error;
use crate::file;
use crate::network::Network;
use crate::report::{Answered, kyso_report};
use crate::status::kyso_status;

/// By what files are judged: time, anchors, policy. Any number of threads may verify with one
/// verifier at the same time.
#[allow(non_camel_case_types)]
pub struct kyso_verifier(());

impl Handle for kyso_verifier {
    type Value = Judging;
    const TAG: u64 = u64::from_be_bytes(*b"ky1verif");
    const NAME: &'static str = "kyso_verifier";
}

/// A verifier, and how it opens files.
pub(crate) struct Judging {
    verifier: Verifier,
    at: Time,
    policy: Policy,
    limits: Limits,
    access: Access,
    network: Network,
}

impl Judging {
    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    fn change(&mut self, change: impl FnOnce(Verifier) -> Verifier) {
        // What stands here for a moment trusts nobody, should the change panic.
        let verifier = mem::replace(&mut self.verifier, Verifier::new(self.at));
        self.verifier = change(verifier);
    }
}

/// A verifier that judges at this time, in seconds since 1970-01-01T00:00:00Z (usually
/// `time(NULL)`), by the default policy, with no anchor. NULL only where memory is gone.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_verifier_new(at: i64) -> *mut kyso_verifier {
    // SAFETY: there is no pointer among the arguments.
    let caller = unsafe { Caller::promises() };
    caller.make(|| {
        let at = Time::from_unix(at).at_offset(Time::VIET_NAM);
        Judging {
            verifier: Verifier::new(at),
            at,
            policy: Policy::default(),
            limits: Limits::default(),
            access: Access::Map,
            network: Network::default(),
        }
    })
}

/// Sets an option, in the words of the command line:
///
/// - `policy`: `default` (the law of the signing time), `circular-15-2025-strict`, `state-practice`,
///   `path-only` (RFC 5280 alone), or the TOML text of a policy of your own;
/// - `revocation`: `required` (the default) or `none` (missing status evidence does not count,
///   present evidence is obeyed, and the report says so);
/// - `access`: how `kyso_verifier_verify_file` opens a file: `map` (the default: little memory, but
///   a file that another process cuts short meanwhile ends this one by SIGBUS) or `read`;
/// - `online`: `no` (the default: no socket is opened), `yes` (the status of certificates may be
///   fetched from the addresses that they name, once their path has reached an anchor, and missing
///   issuers from the national authorities' addresses), or `loopback` (127.0.0.1 too, to develop
///   against the sandbox);
/// - `online-allow`: a host, or `host:port`, that may have an address of a private network; each
///   call adds one;
/// - `online-issuers`: a further address where missing issuers may be asked for, or the beginning of
///   such addresses, ending in `/`; each call adds one;
/// - `proxy`: the proxy to ask through, such as `http://proxy.coquan.vn:3128`;
/// - `cache`: a folder in which to keep what was fetched, and whose content is used without `online`
///   too. Without one what was fetched is kept in memory;
/// - `limit`: `NAME=NUMBER`, such as `pdf_stream=134217728`: raises or lowers a safety limit;
/// - `password`: that of encrypted PDF files, tried where the empty one does not open them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_set(
    verifier: *mut kyso_verifier,
    option: *const c_char,
    value: *const c_char,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut judging = caller.exclusive(verifier)?;
        let value = caller.text("value", value)?;
        let policy = match caller.text("option", option)? {
            "policy" => Policy::of(value)
                .map_err(|_| misuse("neither a policy's name nor the TOML of one", "value"))?
                .revocation(judging.policy.revocation_rule()),
            "revocation" => judging.policy.clone().revocation(match value {
                "required" => Revocation::Required,
                "none" => Revocation::None,
                _ => return Err(misuse("revocation is required or none", "value")),
            }),
            "limit" => {
                let set = value.split_once('=').is_some_and(|(name, number)| {
                    let number = number.parse();
                    number.is_ok_and(|number| judging.limits.set(name, number))
                });
                if !set {
                    return Err(misuse("no limit of this name, or no number", "value"));
                }
                let limits = judging.limits.clone();
                judging.change(|verifier| verifier.limits(limits));
                return Ok(());
            }
            "password" => {
                judging.change(|verifier| verifier.password(value));
                return Ok(());
            }
            "access" => {
                judging.access = file::access(value)?;
                return Ok(());
            }
            option => {
                let judging = &mut *judging;
                let set = judging.network.set(option, value, &judging.verifier);
                judging.verifier =
                    set.ok_or_else(|| misuse("a verifier has no such option", "option"))??;
                return Ok(());
            }
        };
        judging.policy = policy.clone();
        judging.change(|verifier| verifier.policy(policy));
        Ok(())
    })
}

/// Sets the anchors, in place of those set before. The certificates are copied. The national roots
/// are known by built-in fingerprints, with their purposes and dates; every other certificate given
/// here is trusted as it stands.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_set_trust(
    verifier: *mut kyso_verifier,
    anchors: *const kyso_certificates,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut judging = caller.exclusive(verifier)?;
        let anchors = caller.shared(anchors)?;
        let trust = TrustStore::from_der_many(anchors.iter().map(Certificate::der))?;
        judging.change(|verifier| verifier.trust(trust));
        Ok(())
    })
}

/// Adds evidence: issuing certificates (PEM, DER or PKCS#7), CRLs (PEM or DER), an OCSP response, or
/// an evidence bundle. Certificates are hints, never anchors; what speaks about status has to verify
/// by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_add_evidence(
    verifier: *mut kyso_verifier,
    data: *const u8,
    len: usize,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut judging = caller.exclusive(verifier)?;
        judging
            .verifier
            .add_evidence(caller.bytes("data", data, len)?)?;
        Ok(())
    })
}

/// As `kyso_verifier_add_evidence`, from a file or from every file of a folder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_add_evidence_path(
    verifier: *mut kyso_verifier,
    path: *const c_char,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut judging = caller.exclusive(verifier)?;
        let path = caller.path("path", path)?;
        let files = kyso_map::files(&path)
            .map_err(|error| file::unreadable(&path.to_string_lossy(), error))?;
        let mut taken = 0_usize;
        for (_, bytes) in files {
            match judging.verifier.add_evidence(&bytes) {
                Ok(items) => taken = taken.saturating_add(items),
                Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                Err(_) => {}
            }
        }
        if taken == 0 {
            return Err(misuse(
                "no certificate, CRL or OCSP response is there",
                "path",
            ));
        }
        Ok(())
    })
}

/// Verifies every signature of a file in memory. Whatever the octets, this gives a report: a file
/// that cannot be read at all is a report too (`kyso_report_error_code`). It fails for a wrong call
/// only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_verify(
    verifier: *const kyso_verifier,
    data: *const u8,
    len: usize,
    out: *mut *mut kyso_report,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let judging = caller.shared(verifier)?;
        let bytes = caller.bytes("data", data, len)?;
        Ok(Answered::new(judging.verifier.verify(bytes)))
    })
}

/// Verifies every signature of a file by its path, which the report then names. Fails with
/// `KYSO_INPUT_UNREADABLE` where it cannot be opened.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_verify_file(
    verifier: *const kyso_verifier,
    path: *const c_char,
    out: *mut *mut kyso_report,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let judging = caller.shared(verifier)?;
        let path = caller.path("path", path)?;
        let input = file::open(&path, judging.access)?;
        let report = judging.verifier.verify(&input);
        Ok(Answered::new(report.named(path.to_string_lossy())))
    })
}

/// Sets the anchors to those of the trust store that the command line uses, in place of those set
/// before. What was removed from that store is not trusted, national roots among it. A missing or
/// empty store is no error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_set_trust_store(
    verifier: *mut kyso_verifier,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut judging = caller.exclusive(verifier)?;
        let files = kyso_map::trust_files().map_err(|e| file::unreadable("the trust store", e))?;
        let trust = TrustStore::from_files(files.iter().map(|(_, bytes)| bytes))?;
        judging.change(|verifier| verifier.trust(trust));
        Ok(())
    })
}

/// As `kyso_verifier_verify`, and keeps everything that the verdict rested on: see
/// `kyso_report_evidence`. `name` is what the report calls the file; NULL: nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_verify_and_keep(
    verifier: *const kyso_verifier,
    data: *const u8,
    len: usize,
    name: *const c_char,
    out: *mut *mut kyso_report,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let judging = caller.shared(verifier)?;
        let bytes = caller.bytes("data", data, len)?;
        let name = match name.is_null() {
            true => None,
            false => Some(caller.text("name", name)?),
        };
        let (report, bundle) = judging.verifier.verify_and_keep(bytes, name);
        Ok(Answered::new(report).with_evidence(bundle))
    })
}

/// Gives the verdict about a file again by the evidence bundle that was kept of it: at its time, by
/// its rules and its evidence besides this verifier's, with the anchors of this verifier alone. The
/// report can be compared: see `kyso_report_differences`. Fails with `KYSO_MALFORMED` for what is no
/// bundle or one about another file, with `KYSO_MISUSE` for one with rules that are neither built-in
/// ones nor this verifier's `policy`. `name` as in `kyso_verifier_verify_and_keep`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_reprove(
    verifier: *const kyso_verifier,
    bundle: *const u8,
    bundle_len: usize,
    data: *const u8,
    len: usize,
    name: *const c_char,
    out: *mut *mut kyso_report,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let judging = caller.shared(verifier)?;
        let bundle = Bundle::from_bytes(caller.bytes("bundle", bundle, bundle_len)?)?;
        let bytes = caller.bytes("data", data, len)?;
        let name = match name.is_null() {
            true => None,
            false => Some(caller.text("name", name)?),
        };
        let verifier = judging.verifier.as_of(&bundle)?;
        let again = verifier.reprove(&bundle, bytes, name)?;
        Ok(Answered::new(again.report).compared(&again.differences))
    })
}

/// How many octets from the start of a PDF in memory signature `number` covers, counted from 1:
/// signatures as the report lists them, then document time-stamps. These first `*covered` octets are
/// what was signed, a PDF of its own with nothing later in it. `KYSO_MISUSE`: there is no such
/// signature. `KYSO_MALFORMED`: its byte range is broken, or the octets are no longer those that were
/// signed. `*covered` is 0 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_covered(
    verifier: *const kyso_verifier,
    data: *const u8,
    len: usize,
    number: usize,
    covered: *mut usize,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        caller.out("covered", covered)?.set(0);
        let judging = caller.shared(verifier)?;
        let bytes = caller.bytes("data", data, len)?;
        let found = judging.verifier.covered(bytes, number)?;
        caller.out("covered", covered)?.set(found.revision().len());
        Ok(())
    })
}

/// Ends a verifier. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_verifier_free(verifier: *mut kyso_verifier) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(verifier);
}
