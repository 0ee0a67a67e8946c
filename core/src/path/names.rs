//! Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b) and (c), §6.1.4 (g)).

use crate::der::{Reader, Tag, Tlv, write};
use crate::error::{Error, ErrorKind};
use crate::path::fault::PathFault;
use crate::x509::{Certificate, Name};

/// What the authorities of a path allow, from the anchor down.
#[derive(Default)]
pub(super) struct Constraints {
    sets: Vec<(Certificate, Subtrees)>,
    work: usize,
}

#[derive(Default)]
struct Subtrees {
    permitted: Vec<Form>,
    excluded: Vec<Form>,
}

/// A general name, or the base of a subtree.
#[derive(Clone)]
enum Form {
    Mail(String),
    Host(String),
    Directory(Name),
    Address(String),
    Internet(Vec<u8>),
    /// A form that no rule compares; its tag.
    Other(u32),
}

impl Constraints {
    /// Takes the constraints of an authority in.
    pub(super) fn add(&mut self, authority: &Certificate, faults: &mut Vec<PathFault>) {
        let Some((_, value)) = authority.extension("2.5.29.30") else {
            return;
        };
        match read(value) {
            Ok(subtrees) => self.sets.push((authority.clone(), subtrees)),
            Err(_) => faults.push(PathFault::Malformed {
                certificate: authority.into(),
                what: "nameConstraints",
            }),
        }
    }

    /// Holds every name of a certificate against all constraints above it.
    pub(super) fn check(&mut self, certificate: &Certificate, faults: &mut Vec<PathFault>) {
        if self.sets.is_empty() {
            return;
        }
        let names = match names(certificate) {
            Ok(names) => names,
            Err(_) => {
                faults.push(PathFault::Malformed {
                    certificate: certificate.into(),
                    what: "subjectAltName",
                });
                return;
            }
        };
        for (authority, subtrees) in &self.sets {
            for name in &names {
                self.work = self.work.saturating_add(
                    subtrees
                        .permitted
                        .len()
                        .saturating_add(subtrees.excluded.len()),
                );
                if self.work > MOST_COMPARISONS || !subtrees.allow(name) {
                    faults.push(PathFault::NameNotPermitted {
                        certificate: certificate.into(),
                        authority: authority.into(),
                    });
                    break;
                }
            }
        }
    }
}

impl Subtrees {
    fn allow(&self, name: &Form) -> bool {
        let same_kind = |other: &&Form| name.same_kind(other);
        let excluded = self
            .excluded
            .iter()
            .filter(same_kind)
            .any(|base| name.is_within(base).unwrap_or(true) || name.may_stand_for(base));
        let mut permitted = self.permitted.iter().filter(same_kind).peekable();
        let is_limited = permitted.peek().is_some();
        !excluded && (!is_limited || permitted.any(|base| name.is_within(base).unwrap_or(false)))
    }
}

impl Form {
    fn same_kind(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Other(a), Self::Other(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// Whether a name with a wildcard stands for hosts of a subtree that it does not lie in itself.
    fn may_stand_for(&self, base: &Self) -> bool {
        match (self, base) {
            (Self::Host(name), Self::Host(base)) => name
                .strip_prefix("*.")
                .is_some_and(|domain| host(base, domain).unwrap_or(true)),
            _ => false,
        }
    }

    /// Whether a name lies in a subtree; `None` where nobody can say.
    fn is_within(&self, base: &Self) -> Option<bool> {
        Some(match (self, base) {
            (Self::Directory(name), Self::Directory(base)) => directory(name, base),
            (Self::Host(name), Self::Host(base)) => return host(name, base),
            (Self::Mail(name), Self::Mail(base)) => return mail(name, base),
            (Self::Address(name), Self::Address(base)) => return address(name, base),
            (Self::Internet(name), Self::Internet(base)) => return internet(name, base),
            _ => return None,
        })
    }
}

fn directory(name: &Name, base: &Name) -> bool {
    let wanted = base.parts().len();
    if name.parts().len() < wanted {
        return false;
    }
    prefix(name, wanted).is_some_and(|prefix| prefix == *base)
}

/// The first relative names of a name.
fn prefix(name: &Name, count: usize) -> Option<Name> {
    let mut outside = Reader::new(name.der(), DEPTH);
    let mut parts = outside.expect(Tag::SEQUENCE).ok()?.reader().ok()?;
    let mut content = Vec::new();
    for _ in 0..count {
        content.extend_from_slice(parts.tlv().ok()?.full());
    }
    Name::from_der(&write::tlv(0x30, &content)).ok()
}

/// A host is within a name that it is, or ends in after a dot.
fn host(name: &str, base: &str) -> Option<bool> {
    let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || b"-_*".contains(&octet))
    };
    if !name.split('.').all(is_label) {
        return None;
    }
    Some(host_of(&name, &base))
}

fn host_of(name: &str, base: &str) -> bool {
    if base.is_empty() {
        return true;
    }
    match base.strip_prefix('.') {
        // Not in the standard; read as its writers mean it.
        Some(_) => name.ends_with(base),
        None => {
            name == base
                || name
                    .strip_suffix(base)
                    .is_some_and(|head| head.ends_with('.'))
        }
    }
}

/// A mailbox, all of a host, or all of a domain's hosts.
fn mail(name: &str, base: &str) -> Option<bool> {
    let (local, at_host) = name.rsplit_once('@')?;
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    Some(match base.rsplit_once('@') {
        Some((base_local, base_host)) => local == base_local && same(at_host, base_host),
        None if base.starts_with('.') => at_host
            .to_ascii_lowercase()
            .ends_with(&base.to_ascii_lowercase()),
        None => same(at_host, base),
    })
}

/// The host part of a URI; one without a host, or with a number for it, is in no subtree.
fn address(name: &str, base: &str) -> Option<bool> {
    let rest = name.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?.to_ascii_lowercase();
    let is_number = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|octet| octet.is_ascii_digit()));
    if host.is_empty() || is_number {
        return None;
    }
    let base = base.to_ascii_lowercase();
    Some(if base.starts_with('.') {
        host.ends_with(&base)
    } else {
        host == base
    })
}

/// An address within a network: the base holds address and mask.
fn internet(name: &[u8], base: &[u8]) -> Option<bool> {
    if !matches!(base.len(), 8 | 32) {
        return None;
    }
    let (network, mask) = base.split_at_checked(base.len() / 2)?;
    if network.len() != name.len() {
        return Some(false);
    }
    let within = name
        .iter()
        .zip(network)
        .zip(mask)
        .all(|((own, network), mask)| own & mask == network & mask);
    Some(within)
}

/// Whether the alternative names can be read at all.
pub(super) fn are_readable(certificate: &Certificate) -> bool {
    names(certificate).is_ok()
}

/// Every name a certificate gives its holder: the subject, the alternative names, and an e-mail
/// address in the subject where the alternative names have none.
fn names(certificate: &Certificate) -> Result<Vec<Form>, Error> {
    let mut names = Vec::new();
    let subject = certificate.subject();
    if !subject.is_empty() {
        names.push(Form::Directory(subject.clone()));
    }
    if let Some((_, value)) = certificate.extension("2.5.29.17") {
        let mut outside = Reader::new(value, DEPTH);
        let mut list = outside.expect(Tag::SEQUENCE)?.reader()?;
        while !list.is_empty() {
            if names.len() >= MOST_NAMES {
                return Err(Error::new(ErrorKind::TooLarge, "alternative names"));
            }
            names.push(form(&list.tlv()?)?);
        }
    }
    if !names.iter().any(|name| matches!(name, Form::Mail(_))) {
        names.extend(
            subject
                .values("1.2.840.113549.1.9.1")
                .map(|address| Form::Mail(address.to_owned())),
        );
    }
    Ok(names)
}

/// ```text
/// NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL,
///   excludedSubtrees [1] GeneralSubtrees OPTIONAL }
/// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] INTEGER DEFAULT 0,
///   maximum [1] INTEGER OPTIONAL }
/// ```
fn read(value: &[u8]) -> Result<Subtrees, Error> {
    let mut outside = Reader::new(value, DEPTH);
    let mut fields = outside.expect(Tag::SEQUENCE)?.reader()?;
    outside.finish()?;
    let mut subtrees = Subtrees::default();
    for (number, list) in [(0, &mut subtrees.permitted), (1, &mut subtrees.excluded)] {
        let Some(value) = fields.optional(Tag::context(number))? else {
            continue;
        };
        let mut bases = value.reader()?;
        while !bases.is_empty() {
            if list.len() >= MOST_NAMES {
                return Err(Error::new(ErrorKind::TooLarge, "name constraints"));
            }
            let mut subtree = bases.expect(Tag::SEQUENCE)?.reader()?;
            list.push(form(&subtree.tlv()?)?);
            // §4.2.1.10: minimum is 0 and maximum absent; anything else is another profile.
            if let Some(minimum) = subtree.optional(Tag::context_primitive(0))?
                && minimum.content() != [0]
            {
                return Err(Error::new(ErrorKind::Malformed, "name constraints"));
            }
            subtree.finish()?;
        }
    }
    fields.finish()?;
    Ok(subtrees)
}

fn form(name: &Tlv<'_>) -> Result<Form, Error> {
    let text = || String::from_utf8_lossy(name.content()).into_owned();
    Ok(match name.tag() {
        tag if tag == Tag::context_primitive(1) => Form::Mail(text()),
        tag if tag == Tag::context_primitive(2) => Form::Host(text()),
        tag if tag == Tag::context(4) => Form::Directory(Name::from_der(name.content())?),
        tag if tag == Tag::context_primitive(6) => Form::Address(text()),
        tag if tag == Tag::context_primitive(7) => Form::Internet(name.content().to_vec()),
        tag if tag == Tag::context(0) => Form::Other(0),
        tag if tag == Tag::context(3) => Form::Other(3),
        tag if tag == Tag::context(5) => Form::Other(5),
        tag if tag == Tag::context_primitive(8) => Form::Other(8),
        _ => return Err(Error::new(ErrorKind::Malformed, "general name")),
    })
}

const DEPTH: usize = 16;
/// Names of one certificate, and bases of one constraint.
const MOST_NAMES: usize = 4_096;
/// Comparisons of one path: real authorities need a few dozen.
const MOST_COMPARISONS: usize = 250_000;
