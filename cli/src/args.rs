//! The arguments, as clap reads them. What they mean is in the module of each verb.

mod kept;
mod raise;
mod show;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kyso::Time;
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};

#[cfg(feature = "sandbox")]
use crate::sandbox::args::Sandbox;
pub(crate) use kept::{Evidence, EvidenceFolder, Trust, Words};
pub(crate) use raise::{Extend, Gather, Level, Raise, Stamps};
pub(crate) use show::{Issue, Preview, Show};

/// Sign, verify and exchange the documents of a state.
///
/// Exit status: 0 every signature passed, or the verb did its work; 1 a signature failed; 2 nothing
/// failed but something is undecided, or there is no signature; 64 wrong usage; 65 an input is not
/// what it should be; 66 an input cannot be read; 69 a service did not answer; 70 a defect of kyso;
/// 74 an output cannot be written; 77 the key or its password was refused.
#[derive(Debug, Parser)]
#[command(name = "kyso", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Language of results and errors; by default that of the locale.
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) lang: Option<LangWord>,
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
// One value a run: its size costs nothing, and a box would have to be opened by hand.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Verb {
    /// Verify every signature of each file.
    Verify(Verify),
    /// What is odd about a file and what it will suffer from, before signing and after.
    Doctor(Doctor),
    /// Sign a PDF, in one step or in two.
    #[command(subcommand)]
    Sign(Sign),
    /// Raise the level of signatures that are there, whoever made them.
    Extend(Extend),
    /// The clerk's step: number, date and the organisation's seal in one signature, on a document that
    /// the competent person has signed.
    Issue(Issue),
    /// Build, show, check, unpack and answer edXML envelopes.
    #[command(subcommand)]
    Envelope(Envelope),
    /// The trust store: the anchors that verifying without --trust goes by.
    #[command(subcommand)]
    Trust(Trust),
    /// What certificates say.
    #[command(subcommand)]
    Cert(Cert),
    /// XML as signatures see it.
    #[command(subcommand)]
    Xml(Xml),
    /// Evidence that is kept: everything that verdicts rested on.
    #[command(subcommand)]
    Evidence(Evidence),
    /// Tokens and smart cards.
    #[cfg(feature = "pkcs11")]
    #[command(subcommand)]
    Token(Token),
    /// A throw-away authority to develop against.
    #[cfg(feature = "sandbox")]
    #[command(subcommand)]
    Sandbox(Sandbox),
    /// Show it all once: a decision signed twice, put into an envelope, answered, verified.
    #[cfg(feature = "sandbox")]
    Demo(Demo),
}

/// XML as signatures see it.
#[derive(Debug, Subcommand)]
pub(crate) enum Xml {
    /// Write the canonical octets of a document to standard output.
    C14n {
        /// The document; `-` is standard input.
        file: PathBuf,
        /// The method, by its URI: Canonical XML 1.0 (the default), 1.1 or exclusive, with or without
        /// comments.
        #[arg(long, value_name = "URI", conflicts_with = "reference")]
        algorithm: Option<String>,
        /// Prefixes that the exclusive method treats inclusively; `#default` is the default
        /// namespace.
        #[arg(long, value_name = "PREFIXES", conflicts_with = "reference")]
        prefixes: Option<String>,
        /// Instead of the document, what this reference of the first signature digests, counted from
        /// 0.
        #[arg(long, value_name = "N")]
        reference: Option<usize>,
    },
    /// Say which role of a tax message or e-invoice signed which elements, and in what each signature
    /// departs from the profile. What the signatures are worth is for `kyso verify`.
    Roles {
        /// The message; `-` is standard input.
        file: PathBuf,
        /// Text, or JSON.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// Tokens and smart cards.
#[cfg(feature = "pkcs11")]
#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Show the tokens that a driver sees, each with the URI that names it. No PIN is asked for.
    List {
        /// The PKCS#11 driver of the token's maker (.so, .dll, .dylib).
        #[arg(value_name = "DRIVER")]
        module: PathBuf,
        /// Text, or JSON.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LangWord {
    Vi,
    En,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// Verify every signature of each PDF and envelope. The kind is found from the bytes, never from
/// the name. An envelope is judged with everything signed inside it.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Text, or one line of JSON (kyso-report/1) for each file.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) judge: Judge,
    /// The axis' agency list (JSON or CSV): codes and names of envelopes are held against it.
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// How many files to verify at once; by default as many as there are processors.
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Keep everything that the verdict rests on in one file (kyso-evidence/1); a folder where
    /// several files are verified.
    #[arg(long, value_name = "PATH")]
    pub(crate) evidence_out: Option<PathBuf>,
    /// Hand out what signature N signed, as a PDF of its own: the file from its first byte to the end
    /// of what the signature covers. N counts from 1, signatures as listed, then document time-stamps.
    #[arg(long, value_name = "N", requires = "output")]
    pub(crate) revision: Option<NonZeroUsize>,
    /// Where --revision writes; `-` is standard output.
    #[arg(short, long, value_name = "FILE", requires = "revision")]
    pub(crate) output: Option<PathBuf>,
    /// Replace an output that is there already.
    #[arg(long)]
    pub(crate) force: bool,
    /// The password of encrypted PDF files.
    #[command(flatten)]
    pub(crate) secret: Secret,
    /// Raise or lower a safety limit, such as pdf_stream=134217728 (repeatable). A limit that is
    /// reached is said, and never a pass.
    #[arg(long, value_name = "NAME=NUMBER", value_parser = limit)]
    pub(crate) limit: Vec<(String, u64)>,
}

/// Look a file over: structure, encryption, fonts, damaged text, what acts or hides in it, weak
/// algorithms, certificates near their end, evidence that is missing. Exit status: 0 nothing but
/// notes, 2 warnings, 1 something grave.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The file; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Text, or one line of JSON (kyso-doctor/1).
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) judge: Judge,
    /// The password of an encrypted PDF.
    #[command(flatten)]
    pub(crate) secret: Secret,
}

/// By what is judged.
#[derive(Debug, Args)]
pub(crate) struct Judge {
    /// A file or folder of anchors, used instead of the trust store (repeatable). Of an evidence
    /// bundle, the anchors that its verdict went by.
    #[arg(long, value_name = "PATH")]
    pub(crate) trust: Vec<PathBuf>,
    /// A file or folder of issuing certificates, CRLs and OCSP responses (repeatable). With the
    /// evidence bundle of a file that is verified, the verdict is given again as it was: at the
    /// bundle's time and by its rules unless others are given, never by its anchors.
    #[arg(long, value_name = "PATH")]
    pub(crate) evidence: Vec<PathBuf>,
    /// The time to judge at, such as 2026-11-22T09:00:00+07:00; by default now, or the time of the
    /// evidence bundle.
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    pub(crate) at: Option<Time>,
    /// `default` judges by the law of the signing time; also `circular-15-2025-strict`,
    /// `state-practice`, `path-only` (RFC 5280 alone), a TOML file of your own, or `bundle`: the
    /// rules that the evidence bundle carries, whosever they are. By default `default`, or the
    /// evidence bundle's where those are built-in ones.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) policy: Option<String>,
    /// Whether evidence of the certificates' status is demanded (the default); with `none` missing
    /// evidence does not count, and the report says so. An evidence bundle says which it was.
    #[arg(long, value_enum)]
    pub(crate) revocation: Option<Status>,
    #[command(flatten)]
    pub(crate) network: Network,
}

/// Who may be asked over the network, and what is kept of the answers.
#[derive(Debug, Default, Args)]
pub(crate) struct Network {
    /// Fetch the status of certificates from the addresses that they name, once their path has
    /// reached an anchor, and missing issuers from the national authorities' addresses. Without it
    /// no socket is opened.
    #[arg(long)]
    pub(crate) online: bool,
    /// With --online also ask 127.0.0.1, on any port: for `kyso sandbox`, to develop against.
    #[arg(long, requires = "online")]
    pub(crate) online_loopback: bool,
    /// With --online let this host have an address of a private network, and the port where one is
    /// given (repeatable).
    #[arg(long, value_name = "HOST[:PORT]", requires = "online")]
    pub(crate) online_allow: Vec<String>,
    /// A further address where missing issuers may be asked for before any anchor vouches for it,
    /// or the beginning of such addresses, ending in `/` (repeatable).
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) online_issuers: Vec<String>,
    /// With --online or --tsa ask through this proxy, such as `http://proxy.coquan.vn:3128`, which
    /// then looks hosts up. The environment's proxies are never used.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Keep what was fetched in this folder, and use what is kept there, without --online too; with
    /// --online by default `KYSO_CACHE_DIR`, else the platform's folder for caches.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Status {
    Required,
    None,
}

#[derive(Debug, Subcommand)]
// One value a run.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Sign {
    /// Sign a PDF with a key at hand. A signed file is signed again, behind what is there.
    Pdf(SignPdf),
    /// Sign an XML document with a key at hand. Nothing of it changes but the signature put in.
    Xml(crate::sign_xml::SignXml),
    /// First of two steps: write a state file, print the digest to be signed elsewhere.
    Prepare(Prepare),
    /// Second of two steps: put in the signature that was made elsewhere.
    Complete(Complete),
}

#[derive(Debug, Args)]
pub(crate) struct SignPdf {
    /// The PDF; `-` is standard input.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) making: Making,
    #[command(flatten)]
    pub(crate) show: Show,
}

/// Where a signed PDF goes, who signs and how: the same for all that signs one in one step.
#[derive(Debug, Args)]
pub(crate) struct Making {
    /// The signed PDF; `-` is standard output.
    #[arg(short, long, value_name = "OUT", required_unless_present = "preview")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) key: Key,
    /// The algorithm, such as rsa-pkcs1-sha256, rsa-pss-sha256 or ecdsa-sha256; by default one that
    /// fits the key.
    #[arg(long, value_parser = algorithm)]
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    #[command(flatten)]
    pub(crate) form: Form,
    #[command(flatten)]
    pub(crate) raise: Raise,
    #[command(flatten)]
    pub(crate) preview: Preview,
    /// Replace an output that is there already.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Where the key lies and how it is unlocked. The secret is never an argument.
#[derive(Debug, Args)]
pub(crate) struct Key {
    /// A PKCS#12 file (.p12, .pfx) with key and certificates.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "cert", "pkcs11"])]
    pub(crate) p12: Option<PathBuf>,
    /// A private key in PEM or DER (PKCS#8, encrypted too, or a traditional form).
    #[arg(
        long,
        value_name = "FILE",
        requires = "cert",
        conflicts_with = "pkcs11"
    )]
    pub(crate) key: Option<PathBuf>,
    /// The certificate of --key, and others of its chain (repeatable). With --pkcs11: where the
    /// certificate is not on the token.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) cert: Vec<PathBuf>,
    /// A key on a token or smart card (RFC 7512), such as
    /// `pkcs11:token=LABEL?module-path=DRIVER`; `kyso token list DRIVER` shows what there is.
    #[arg(long, value_name = "URI")]
    pub(crate) pkcs11: Option<String>,
    /// Further certificates of the chain to embed (repeatable).
    #[arg(long, value_name = "FILE")]
    pub(crate) chain: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) secret: Secret,
}

/// Where a password stands: that of the key, or of an encrypted PDF. It is never an argument.
#[derive(Debug, Args)]
pub(crate) struct Secret {
    /// A file that holds the password; one line end at its end is not part of it.
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    pub(crate) password_file: Option<PathBuf>,
    /// The environment variable that holds the password.
    #[arg(long, value_name = "NAME")]
    pub(crate) password_env: Option<String>,
}

/// What the signature says and how it is written.
#[derive(Debug, Args)]
pub(crate) struct Form {
    /// Why it is signed.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Where it is signed.
    #[arg(long, value_name = "TEXT")]
    pub(crate) location: Option<String>,
    /// How the signer can be reached.
    #[arg(long, value_name = "TEXT")]
    pub(crate) contact: Option<String>,
    /// The signer's name; by default that of the certificate.
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// The signature field: an empty one of this name, or a new one.
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,
    /// `pades` is what new signatures should be; `pkcs7` is for receivers that know nothing newer.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: Profile,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Profile {
    #[default]
    Pades,
    Pkcs7,
}

#[derive(Debug, Args)]
pub(crate) struct Prepare {
    /// The PDF, or with --states several; `-` is standard input.
    #[arg(value_name = "IN", required_unless_present = "from")]
    pub(crate) input: Vec<PathBuf>,
    /// Instead of a PDF: a state that was prepared without a certificate and gets one now.
    #[arg(
        long,
        value_name = "STATE",
        conflicts_with = "input",
        requires = "cert"
    )]
    pub(crate) from: Option<PathBuf>,
    /// The signer's certificate first, then its chain (repeatable). Without it the digest of the
    /// document is printed, for a service that makes a whole CMS.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) cert: Vec<PathBuf>,
    /// The algorithm that will be used elsewhere; by default the usual one for the certificate's key.
    #[arg(long, value_parser = algorithm, requires = "cert")]
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    /// Without a certificate: the hash of the document (by default sha256).
    #[arg(long, value_enum, conflicts_with = "cert")]
    pub(crate) digest: Option<Hash>,
    /// Where the state is written; it holds no secret.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "states",
        conflicts_with = "states"
    )]
    pub(crate) state: Option<PathBuf>,
    /// A folder for the states of several PDFs; a line of JSON for each is printed.
    #[arg(long, value_name = "DIR", conflicts_with = "from")]
    pub(crate) states: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: Form,
    #[command(flatten)]
    pub(crate) show: Show,
    /// Octets kept free for the signature.
    #[arg(long, value_name = "OCTETS")]
    pub(crate) reserve: Option<usize>,
    /// Text prints the digest alone, in hex.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Replace a state file that is there already.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Hashes that new signatures are made with.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash as the library names it.
    pub(crate) fn algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Sha256 => DigestAlgorithm::Sha256,
            Self::Sha384 => DigestAlgorithm::Sha384,
            Self::Sha512 => DigestAlgorithm::Sha512,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Complete {
    /// The very file that was prepared, or with --states several; `-` is standard input.
    #[arg(value_name = "IN", required = true)]
    pub(crate) input: Vec<PathBuf>,
    /// The state that `sign prepare` wrote.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "states",
        conflicts_with = "states"
    )]
    pub(crate) state: Option<PathBuf>,
    /// The folder that `sign prepare --states` filled; OUT is then a folder, and a line of JSON for
    /// each file is printed.
    #[arg(long, value_name = "DIR")]
    pub(crate) states: Option<PathBuf>,
    /// The signature value (raw octets, base64 or hex) or the whole CMS (DER, PEM or base64). With
    /// --states: lines of JSON, each with `digest` (as it was printed) or `file`, and `signature`
    /// in base64 or hex.
    #[arg(long, value_name = "FILE")]
    pub(crate) signature: PathBuf,
    /// The signed PDF; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) raise: Raise,
    /// Replace an output that is there already.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Envelope {
    /// Show what an envelope says.
    Show {
        /// The envelope; `-` is standard input.
        file: PathBuf,
        /// Text, or JSON (kyso-envelope/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Name the numbered rules that an envelope breaks.
    Check {
        /// The envelope; `-` is standard input.
        file: PathBuf,
        /// What is demanded: strict of what is sent, lenient of what is received.
        #[arg(long, value_enum, default_value_t)]
        mode: CheckMode,
        /// The axis' agency list (JSON or CSV): codes and names are held against it.
        #[arg(long, value_name = "FILE")]
        directory: Option<PathBuf>,
        /// Text, or JSON (kyso-envelope-check/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Write an envelope's attachments into a folder, under safe names.
    Extract {
        /// The envelope; `-` is standard input.
        file: PathBuf,
        /// The folder; it is made if need be.
        #[arg(short, long, value_name = "DIR")]
        directory: PathBuf,
        /// Replace files that are there already.
        #[arg(long)]
        force: bool,
    },
    /// Build an envelope from a description in JSON or TOML and its attachments.
    ///
    /// SPEC has the members that `envelope show --format json` prints: kind, header, trace, business,
    /// status, attachments. An attachment has `path`, relative to SPEC, and may have id, name,
    /// content_type and description.
    Build {
        /// The description; `-` is standard input.
        spec: PathBuf,
        /// The envelope; `-` is standard output.
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
        /// Replace an output that is there already.
        #[arg(long)]
        force: bool,
    },
    /// Answer a received envelope with a status message.
    Status(Answer),
    /// Tell the story of a document from the messages about it: what was sent, what each receiver
    /// reported, where it stands, what is odd. In any order; a message given twice counts once.
    Track {
        /// Envelopes, sent and received; `-` is standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Text, or JSON (kyso-envelope-flow/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum CheckMode {
    #[default]
    Strict,
    Lenient,
}

#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// The received envelope; `-` is standard input.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The status message; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// 01 arrived, 02 refused, 03 received, 04 assigned, 05 in work, 06 done, 13 asked back,
    /// 15 giving back agreed, 16 giving back refused.
    #[arg(long, value_name = "NN")]
    pub(crate) code: String,
    /// Text, or the reason that 02, 13 and 16 need.
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Who answers, by identifier code; by default the one receiver of the envelope (for 13 its
    /// sender).
    #[arg(long, value_name = "CODE")]
    pub(crate) from_organ_id: Option<String>,
    /// Who answers, by name.
    #[arg(long, value_name = "NAME")]
    pub(crate) from_organ_name: Option<String>,
    /// Whom the status is for; by default the sender of the envelope.
    #[arg(long, value_name = "CODE")]
    pub(crate) to_organ_id: Option<String>,
    /// Replace an output that is there already.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
// One value a run.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Cert {
    /// Show what the certificates of a file say.
    Show {
        /// PEM, DER or P7B; `-` is standard input.
        file: PathBuf,
        /// Text, or JSON (kyso-cert/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Build and check the path of a certificate: RFC 5280, with the status of each certificate.
    Verify {
        /// PEM, DER or P7B (its first certificate); `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        judge: Judge,
        #[command(flatten)]
        inputs: Inputs,
        /// Text, or JSON (kyso-path/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// The initial inputs of RFC 5280 §6.1.1.
#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// A certificate policy that is acceptable, as an object identifier (repeatable).
    #[arg(long, value_name = "OID")]
    pub(crate) policy_oid: Vec<String>,
    /// Demand that a certificate policy holds for the whole path.
    #[arg(long)]
    pub(crate) require_explicit_policy: bool,
    /// Do not follow policy mappings.
    #[arg(long)]
    pub(crate) inhibit_policy_mapping: bool,
    /// Do not take anyPolicy for a policy.
    #[arg(long)]
    pub(crate) inhibit_any_policy: bool,
}

#[cfg(feature = "sandbox")]
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The folder to leave everything in: a new or an empty one.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Use a folder that is not empty; files of the demo in it are replaced.
    #[arg(long)]
    pub(crate) force: bool,
}

pub(crate) fn time(text: &str) -> Result<Time, String> {
    text.parse()
        .map_err(|_| "not a time with its zone, such as 2026-11-22T09:00:00+07:00".to_owned())
}

pub(crate) fn algorithm(text: &str) -> Result<SignatureAlgorithm, String> {
    text.parse().map_err(|_| {
        "not one of rsa-pkcs1-sha256, rsa-pss-sha256, ecdsa-sha256 (or with sha384, sha512), ed25519"
            .to_owned()
    })
}

fn limit(text: &str) -> Result<(String, u64), String> {
    let names = || kyso::Limits::NAMES.join(", ");
    let (name, value) = text.split_once('=').ok_or("NAME=NUMBER is expected")?;
    if !kyso::Limits::NAMES.contains(&name) {
        return Err(format!("there is no such limit; there are {}", names()));
    }
    let value = value.parse().map_err(|_| "the number is no whole number")?;
    Ok((name.to_owned(), value))
}
