//! Arguments about the level of signatures: time-stamps, evidence, `extend`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kyso::der::Oid;

use super::{Hash, Judge, Network};

/// To what level it is signed.
#[derive(Debug, Default, Args)]
pub(crate) struct Raise {
    /// The level of the signature: b-b alone; b-t with a time-stamp; b-lt with all in the file that
    /// is needed to verify it; b-lta with a time-stamp over that. By default b-t with --tsa, else
    /// b-b.
    #[arg(long, value_enum)]
    pub(crate) level: Option<Level>,
    #[command(flatten)]
    pub(crate) stamps: Stamps,
    #[command(flatten)]
    pub(crate) gather: Gather,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    #[value(name = "b-b")]
    BB,
    #[value(name = "b-t")]
    BT,
    #[value(name = "b-lt")]
    BLt,
    #[value(name = "b-lta")]
    BLta,
}

impl Level {
    /// The word on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::BB => "b-b",
            Self::BT => "b-t",
            Self::BLt => "b-lt",
            Self::BLta => "b-lta",
        }
    }
}

/// Who gives time-stamps.
#[derive(Debug, Default, Args)]
pub(crate) struct Stamps {
    /// A time-stamping service (RFC 3161), such as `http://tsa.coquan.vn/` (repeatable: the next one
    /// is asked where one fails). Without it no service is asked.
    #[arg(long, value_name = "URL")]
    pub(crate) tsa: Vec<String>,
    /// The hash that is time-stamped.
    #[arg(long, value_enum, value_name = "HASH", requires = "tsa")]
    pub(crate) tsa_digest: Option<Hash>,
    /// The policy that the service has to stamp under; by default its own.
    #[arg(long, value_name = "OID", requires = "tsa", value_parser = oid)]
    pub(crate) tsa_policy: Option<Oid>,
}

/// By whose trust the evidence for b-lt and b-lta is gathered, and where it comes from.
#[derive(Debug, Default, Args)]
pub(crate) struct Gather {
    /// A file or folder of anchors, used instead of the trust store (repeatable).
    #[arg(long, value_name = "PATH")]
    pub(crate) trust: Vec<PathBuf>,
    /// A file or folder of issuing certificates, CRLs and OCSP responses (repeatable).
    #[arg(long, value_name = "PATH")]
    pub(crate) evidence: Vec<PathBuf>,
    /// The rules: as for `verify`.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) policy: Option<String>,
    #[command(flatten)]
    pub(crate) network: Network,
}

impl Gather {
    /// As the options of `verify`, at the present.
    pub(crate) fn judge(self) -> Judge {
        Judge {
            trust: self.trust,
            evidence: self.evidence,
            at: None,
            policy: self.policy,
            revocation: None,
            network: self.network,
        }
    }
}

/// Raise the level of signatures that are there, whoever made them. What is there stays byte for
/// byte; what is added stands behind it, and is verified before anything is written. Of a signature
/// of level b-lta, evidence for the last time-stamp is gathered before the new one is made.
#[derive(Debug, Args)]
pub(crate) struct Extend {
    /// The signed PDF; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// The raised PDF; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// The level: b-t with a time-stamp; b-lt with all in the file that is needed to verify it;
    /// b-lta with a time-stamp over that.
    #[arg(
        long,
        value_enum,
        required_unless_present = "document_time_stamp",
        conflicts_with = "document_time_stamp"
    )]
    pub(crate) level: Option<Level>,
    /// Add a time-stamp over the whole document and nothing else.
    #[arg(long)]
    pub(crate) document_time_stamp: bool,
    /// Only the signature of this field; by default every signature.
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,
    #[command(flatten)]
    pub(crate) stamps: Stamps,
    #[command(flatten)]
    pub(crate) gather: Gather,
    /// Replace an output that is there already.
    #[arg(long)]
    pub(crate) force: bool,
}

fn oid(text: &str) -> Result<Oid, String> {
    text.parse()
        .map_err(|_| "not an object identifier, such as 1.3.6.1.4.1.32473.1".to_owned())
}
