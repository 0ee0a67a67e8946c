//! The arguments of `kyso sandbox`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use kyso::Time;
use kyso_sandbox::{Issuer, KeyKind, RevocationReason};

use crate::args::time;

#[derive(Debug, Subcommand)]
// One value a run: its size costs nothing, and a box would have to be opened by hand.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Sandbox {
    /// Make a throw-away root, issuing authority, organisation, person, time-stamp signer and OCSP
    /// responder.
    Init(Init),
    /// Issue a person's certificate, with its key.
    Person(Person),
    /// Issue an organisation's certificate, with its key: what the public calls its seal.
    Agency(Agency),
    /// Revoke a certificate, put it on hold, or lift a hold.
    Revoke(Revoke),
    /// Write the lists of revoked certificates as they are now.
    Crl(WriteCrl),
    /// Answer questions about status (OCSP, lists), issuers and time on 127.0.0.1, until stopped.
    Serve(Serve),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder; it is made if need be.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// The port of 127.0.0.1 that the addresses in the certificates name; `sandbox serve` listens
    /// there.
    #[arg(long, value_name = "N", default_value_t = PORT)]
    pub(crate) port: u16,
    /// The kind of every key. RSA of 3072 bits is what the national tree of 2018 has.
    #[arg(long, value_name = "KIND", value_parser = key(), default_value = "rsa-2048")]
    pub(crate) key: KeyWord,
}

#[derive(Debug, Args)]
pub(crate) struct Person {
    /// The folder that `sandbox init` made.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// The full name.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The office or rank, put in front of the name.
    #[arg(long, value_name = "TEXT")]
    pub(crate) office: Option<String>,
    /// The body that the person belongs to.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "Ủy ban nhân dân tỉnh Ví Dụ"
    )]
    pub(crate) organisation: String,
    /// The citizen number, twelve digits.
    #[arg(long, value_name = "DIGITS")]
    pub(crate) citizen_id: Option<String>,
    #[command(flatten)]
    pub(crate) holder: Holder,
}

#[derive(Debug, Args)]
pub(crate) struct Agency {
    /// The folder that `sandbox init` made.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// The body's name.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The body above it; by default the body itself.
    #[arg(long, value_name = "NAME")]
    pub(crate) parent: Option<String>,
    /// The tax code; the name is then written as public authorities do.
    #[arg(long, value_name = "DIGITS")]
    pub(crate) tax_code: Option<String>,
    #[command(flatten)]
    pub(crate) holder: Holder,
}

/// What persons and agencies have in common.
#[derive(Debug, Args)]
pub(crate) struct Holder {
    /// A unit, outermost first (repeatable).
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Vec<String>,
    /// The place.
    #[arg(long, value_name = "NAME", default_value = "Ví Dụ")]
    pub(crate) place: String,
    /// The address for electronic mail.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// Write the name as public authorities do, not as the government's.
    #[arg(long)]
    pub(crate) public: bool,
    /// What the files begin with; by default the name in small letters without marks.
    #[arg(long, value_name = "STEM")]
    pub(crate) file: Option<String>,
    /// The kind of the key; by default that of `sandbox init`.
    #[arg(long, value_name = "KIND", value_parser = key())]
    pub(crate) key: Option<KeyWord>,
    /// A certificate that has ended: valid from 300 days ago until yesterday.
    #[arg(long, conflicts_with_all = ["valid_from", "valid_until"])]
    pub(crate) expired: bool,
    /// First second of validity; by default 30 days ago.
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    pub(crate) valid_from: Option<Time>,
    /// Last second of validity; by default in five years.
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    pub(crate) valid_until: Option<Time>,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The folder that `sandbox init` made.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Which certificate: its file, what its files begin with (`person`), or its serial number in
    /// hexadecimal.
    #[arg(value_name = "SERIAL|FILE")]
    pub(crate) which: PathBuf,
    /// Why, in the words of RFC 5280, such as keyCompromise; certificateHold can be lifted.
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub(crate) reason: Option<RevocationReason>,
    /// Since when; by default now.
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    pub(crate) at: Option<Time>,
    /// Lift a hold instead.
    #[arg(long, conflicts_with_all = ["reason", "at"])]
    pub(crate) lift: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WriteCrl {
    /// The folder that `sandbox init` made.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Whose list; by default both authorities', into the folder as root.crl and issuing.crl,
    /// in place of earlier ones.
    #[arg(long, value_enum, requires = "output")]
    pub(crate) issuer: Option<IssuerWord>,
    /// The file for the one list; `-` is standard output.
    #[arg(short, long, value_name = "OUT", requires = "issuer")]
    pub(crate) output: Option<PathBuf>,
    /// The time of the list; by default now. What was revoked later is not on it.
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    pub(crate) at: Option<Time>,
    /// How many days until the next list.
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) days: u16,
    /// Replace the output file if it is there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The folder that `sandbox init` made.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// The port; by default the one that the certificates name. 0 takes a free one.
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyWord(pub(crate) KeyKind);

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum IssuerWord {
    Root,
    Issuing,
}

impl From<IssuerWord> for Issuer {
    fn from(word: IssuerWord) -> Self {
        match word {
            IssuerWord::Root => Issuer::Root,
            IssuerWord::Issuing => Issuer::Issuing,
        }
    }
}

/// The kinds of keys by their names.
fn key() -> impl clap::builder::TypedValueParser<Value = KeyWord> {
    use clap::builder::TypedValueParser;
    let names = KeyKind::ALL.map(KeyKind::name);
    clap::builder::PossibleValuesParser::new(names).try_map(|name| {
        KeyKind::from_name(&name)
            .map(KeyWord)
            .ok_or("no kind of key")
    })
}

fn reason(text: &str) -> Result<RevocationReason, String> {
    // Of changes to a list alone, which the sandbox's command does not write.
    let known = RevocationReason::from_name(text)
        .filter(|reason| *reason != RevocationReason::RemoveFromCrl);
    known.ok_or_else(|| {
        let names: Vec<&str> = RevocationReason::ALL
            .into_iter()
            .filter(|reason| *reason != RevocationReason::RemoveFromCrl)
            .map(RevocationReason::name)
            .collect();
        format!("one of {}", names.join(", "))
    })
}

pub(crate) const PORT: u16 = 8085;
