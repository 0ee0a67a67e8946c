//! The time-stamps of a signature that is no CMS: the archive time-stamps first, the newest before
//! those it covers; then those over the content, then those over the signature (EN 319 102-1 clauses
//! 5.5 and 5.6).

use crate::crypto::{DigestAlgorithm, sha256};
use crate::limits::Limits;
use crate::time::Time;
use crate::validate::opened::{Opened, Stamp};
use crate::validate::timestamp::{self, ARCHIVE, Token};
use crate::validate::{Context, Existence, collect};
use crate::verdict::{Reason, StampFault};

/// What the time-stamps of a signature say.
pub(super) struct Stamped {
    /// Each token with its kind.
    pub(super) tokens: Vec<(Token, &'static str)>,
    /// The latest time that a time-stamp over the content proves, and how far it may be off.
    pub(super) content: Option<(Time, i64)>,
    /// What stands against their order.
    pub(super) found: Vec<Reason>,
    /// The earliest time that is proven of the signature value, where one is.
    pub(super) best: Option<Time>,
    /// Whether one over the signature is there.
    pub(super) has_signature_stamp: bool,
}

/// Judges every time-stamp, and notes what those prove that passed.
pub(super) fn judge(
    opened: &Opened,
    context: &Context<'_>,
    existence: &mut Existence,
    most: usize,
) -> Stamped {
    let limits = context.limits;
    let mut stamped = Stamped {
        tokens: Vec::new(),
        content: None,
        found: Vec::new(),
        best: None,
        has_signature_stamp: false,
    };
    let of = |kind: &'static str| opened.stamps.iter().filter(move |stamp| stamp.kind == kind);
    if [ARCHIVE, CONTENT, SIGNATURE]
        .into_iter()
        .any(|kind| of(kind).count() > most)
    {
        stamped.found.push(Reason::Limit {
            what: "time-stamps of one signature".into(),
        });
    }
    let mut archives: Vec<&Stamp> = of(ARCHIVE).take(most).collect();
    // Those that cannot be read come first and prove nothing. The sort is stable, and of two of one
    // time the later in the document covers the other.
    archives.reverse();
    archives.sort_by_key(|stamp| std::cmp::Reverse(stamp.time(limits)));
    for stamp in archives {
        let token = one(stamp, ARCHIVE, context, existence);
        if let Some(time) = token.proven {
            prove(opened, stamp, time, limits, existence);
        }
        stamped.tokens.push((token, ARCHIVE));
    }
    for stamp in of(CONTENT).take(most) {
        let token = one(stamp, CONTENT, context, existence);
        if let Some(time) = token.proven
            && stamped.content.is_none_or(|(latest, _)| time > latest)
        {
            stamped.content = Some((time, token.accuracy));
        }
        stamped.tokens.push((token, CONTENT));
    }
    let known = existence.of(&opened.value_sha256);
    stamped.best = (known < context.at).then_some(known);
    for stamp in of(SIGNATURE).take(most) {
        stamped.has_signature_stamp = true;
        let token = one(stamp, SIGNATURE, context, existence);
        if let Some(time) = token.proven {
            stamped.best = Some(stamped.best.map_or(time, |best| best.min(time)));
            if let Some((content, accuracy)) = stamped.content
                && content.unix() - time.unix() > accuracy.saturating_add(token.accuracy)
            {
                stamped.found.push(Reason::TimeStamp {
                    kind: SIGNATURE,
                    time: Some(time),
                    fault: StampFault::Order { other: content },
                });
            }
        }
        stamped.tokens.push((token, SIGNATURE));
    }
    stamped
}

fn one(stamp: &Stamp, kind: &'static str, context: &Context<'_>, existence: &Existence) -> Token {
    let over = |algorithm: DigestAlgorithm| {
        let digest = stamp.over.as_ref();
        digest.filter(|over| over.algorithm() == algorithm).cloned()
    };
    let mut token = timestamp::token(&stamp.token, kind, over, context, existence);
    // What it has to be over is not at hand, or is something else: each is said in one word.
    let is_mismatch = |reason: &Reason| {
        let imprint = |fault: &StampFault| *fault == StampFault::Imprint;
        matches!(reason, Reason::DigestMismatch { .. })
            || matches!(reason, Reason::TimeStamp { fault, .. } if imprint(fault))
    };
    if token.found.iter().any(is_mismatch) {
        let time = token.time;
        token.found.retain(|reason| !is_mismatch(reason));
        let fault = match stamp.over {
            Some(_) => StampFault::Imprint,
            None => StampFault::NotJudged,
        };
        token.found.push(Reason::TimeStamp { kind, time, fault });
    }
    if crate::verdict::headline(&token.found).is_some() {
        token.proven = None;
    }
    token
}

/// Everything that stands before an archive time-stamp existed at its time.
fn prove(opened: &Opened, stamp: &Stamp, time: Time, limits: &Limits, existence: &mut Existence) {
    if stamp.covers_value {
        existence.prove(opened.value_sha256, time);
        for der in &opened.certificates {
            existence.prove(sha256(der), time);
        }
    }
    for item in opened.material.iter().take(stamp.material) {
        existence.prove(sha256(item.octets()), time);
    }
    let mut objects = Vec::new();
    for earlier in opened.stamps.iter().take(stamp.stamps) {
        collect::stamp_objects(&earlier.token, limits, &mut objects);
    }
    for object in objects {
        existence.prove(object, time);
    }
}

const CONTENT: &str = "content";
const SIGNATURE: &str = "signature";
