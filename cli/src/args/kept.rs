//! The arguments of what is kept: the trust store, and evidence.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    /// List the anchors.
    List {
        /// Text, or JSON (kyso-trust/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Add certificates from PEM, DER or P7B files or from folders.
    Import {
        /// Files and folders; `-` is standard input.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Take a certificate that is none of the known national ones: its whole SHA-256, as you
        /// know it from its owner (repeatable); `any` takes every authority that the files hold.
        #[arg(long, value_name = "SHA256|any")]
        accept: Vec<String>,
        /// Say what would be done, and do nothing.
        #[arg(long)]
        dry_run: bool,
        /// Text, or JSON (kyso-trust/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Take certificates out. A national root, which is known by its fingerprint wherever it is
    /// met, is no longer trusted from then on.
    Remove {
        /// SHA-256 of the certificate in hex, or its first eight digits or more.
        #[arg(required = true, value_name = "SHA256")]
        certificates: Vec<String>,
        /// Say what would be done, and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Show in what files or folders differ from the store: what importing would add, what is
    /// there already, what is in the store alone.
    Diff {
        /// Files and folders; `-` is standard input.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Text, or JSON (kyso-trust-diff/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Evidence {
    /// Put bundles, as `verify --evidence-out` writes them, into a folder with a log.
    Keep {
        /// Bundles.
        #[arg(required = true, value_name = "BUNDLE")]
        bundles: Vec<PathBuf>,
        #[command(flatten)]
        folder: EvidenceFolder,
        #[command(flatten)]
        words: Words,
    },
    /// List what is kept and what was cancelled, and check the log.
    List {
        #[command(flatten)]
        folder: EvidenceFolder,
        /// Text, or JSON (kyso-evidence-store/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show what a bundle holds.
    Show {
        /// A bundle.
        #[arg(value_name = "BUNDLE")]
        bundle: PathBuf,
        /// Print the rules that it was judged by, as TOML, and nothing else.
        #[arg(long, conflicts_with = "format")]
        policy: bool,
        /// Text, or JSON (kyso-evidence-show/1).
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Give the verdicts again by the bundles that are kept, and compare. Exit status: 0 all are the
    /// same; 1 one differs; 2 there is no bundle for one.
    Check {
        /// Files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        folder: EvidenceFolder,
        /// A file or folder of anchors, used instead of the trust store (repeatable).
        #[arg(long, value_name = "PATH")]
        trust: Vec<PathBuf>,
        /// Text, or one line of JSON (kyso-evidence-check/1) for each file.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Delete bundles for good. What is left is a record that there was one, about which file, who
    /// cancelled it when and why.
    Cancel {
        /// SHA-256 of the bundle in hex, or its first eight digits or more.
        #[arg(required = true, value_name = "SHA256")]
        bundles: Vec<String>,
        #[command(flatten)]
        folder: EvidenceFolder,
        #[command(flatten)]
        words: Words,
    },
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceFolder {
    /// The folder that bundles are kept in.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
}

/// What the log shall say.
#[derive(Debug, Args)]
pub(crate) struct Words {
    /// Who does it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) who: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}
