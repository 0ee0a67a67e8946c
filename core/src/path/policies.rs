//! Certificate policies (RFC 5280 §6.1.2 to §6.1.5), kept as a graph (RFC 9618): one node for each
//! policy and depth, whatever the number of ways that lead to it, so that mappings cannot make it
//! grow exponentially.

use std::collections::{BTreeMap, BTreeSet};

use crate::der::{Reader, Tag};
use crate::error::{Error, ErrorKind};
use crate::path::PathInputs;
use crate::path::fault::PathFault;
use crate::x509::Certificate;

/// Checks the policies of a path, the anchor first.
pub(super) fn check(chain: &[&Certificate], inputs: &PathInputs, faults: &mut Vec<PathFault>) {
    let Some((_, certificates)) = chain.split_first() else {
        return;
    };
    let count = certificates.len();
    let mut state = State::new(inputs, count);
    for (position, certificate) in certificates.iter().enumerate() {
        let is_last = position.saturating_add(1) == count;
        match state.take(certificate, is_last) {
            Ok(true) => {}
            Ok(false) => {
                faults.push(PathFault::NoPolicy {
                    certificate: (*certificate).into(),
                });
                return;
            }
            Err(error) => {
                faults.push(PathFault::Malformed {
                    certificate: (*certificate).into(),
                    what: match error.kind() {
                        ErrorKind::TooLarge => "too many certificate policies",
                        _ => "certificate policies",
                    },
                });
                return;
            }
        }
    }
    if let Some(last) = certificates.last()
        && !state.holds(inputs)
    {
        faults.push(PathFault::NoPolicy {
            certificate: (*last).into(),
        });
    }
}

struct Node {
    expected: BTreeSet<String>,
    parents: BTreeSet<String>,
}

type Level = BTreeMap<String, Node>;

struct State {
    /// By depth; `None`: the graph is empty.
    graph: Option<Vec<Level>>,
    explicit_policy: usize,
    policy_mapping: usize,
    inhibit_any: usize,
    nodes: usize,
}

impl State {
    /// §6.1.2.
    fn new(inputs: &PathInputs, count: usize) -> Self {
        let start = |set: bool| if set { 0 } else { count.saturating_add(1) };
        let any = Node {
            expected: BTreeSet::from([ANY.to_owned()]),
            parents: BTreeSet::new(),
        };
        Self {
            graph: Some(vec![Level::from([(ANY.to_owned(), any)])]),
            explicit_policy: start(inputs.require_explicit_policy),
            policy_mapping: start(inputs.inhibit_policy_mapping),
            inhibit_any: start(inputs.inhibit_any_policy),
            nodes: 1,
        }
    }

    fn take(&mut self, certificate: &Certificate, is_last: bool) -> Result<bool, Error> {
        self.policies(certificate, is_last)?;
        // §6.1.3 (f)
        if self.explicit_policy == 0 && self.graph.is_none() {
            return Ok(false);
        }
        let constraints = constraints(certificate)?;
        if is_last {
            // §6.1.5 (a), (b)
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            if constraints.require_explicit == Some(0) {
                self.explicit_policy = 0;
            }
            return Ok(true);
        }
        if !self.mappings(certificate)? {
            return Ok(false);
        }
        // §6.1.4 (h) to (j)
        if !certificate.is_self_issued() {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any = self.inhibit_any.saturating_sub(1);
        }
        if let Some(value) = constraints.require_explicit {
            self.explicit_policy = self.explicit_policy.min(value);
        }
        if let Some(value) = constraints.inhibit_mapping {
            self.policy_mapping = self.policy_mapping.min(value);
        }
        if let Some(value) = inhibit_any(certificate)? {
            self.inhibit_any = self.inhibit_any.min(value);
        }
        Ok(true)
    }

    /// §6.1.3 (d), (e).
    fn policies(&mut self, certificate: &Certificate, is_last: bool) -> Result<(), Error> {
        if certificate.extension("2.5.29.32").is_none() {
            self.graph = None;
        }
        let Some(graph) = &mut self.graph else {
            return Ok(());
        };
        let Some(above) = graph.last() else {
            return Ok(());
        };
        let mut level = Level::new();
        let stated = certificate.policies();
        for policy in stated.iter().filter(|policy| *policy != ANY) {
            let mut parents: BTreeSet<String> = above
                .iter()
                .filter(|(_, node)| node.expected.contains(policy))
                .map(|(name, _)| name.clone())
                .collect();
            if parents.is_empty() && above.contains_key(ANY) {
                parents.insert(ANY.to_owned());
            }
            if !parents.is_empty() {
                let expected = BTreeSet::from([policy.clone()]);
                level.insert(policy.clone(), Node { expected, parents });
            }
        }
        let takes_any = self.inhibit_any > 0 || (!is_last && certificate.is_self_issued());
        if stated.iter().any(|policy| policy == ANY) && takes_any {
            for (name, node) in above {
                for policy in &node.expected {
                    let is_new = !level.contains_key(policy);
                    let from_any = level
                        .get(policy)
                        .is_some_and(|node| !node.parents.contains(name));
                    if is_new || from_any {
                        let node = level.entry(policy.clone()).or_insert_with(|| Node {
                            expected: BTreeSet::from([policy.clone()]),
                            parents: BTreeSet::new(),
                        });
                        node.parents.insert(name.clone());
                    }
                }
            }
        }
        self.nodes = self.nodes.saturating_add(level.len());
        if self.nodes > MOST_NODES {
            return Err(Error::new(ErrorKind::TooLarge, "policies"));
        }
        graph.push(level);
        self.prune();
        Ok(())
    }

    /// §6.1.4 (a), (b).
    fn mappings(&mut self, certificate: &Certificate) -> Result<bool, Error> {
        let mut mapped: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (issuer, subject) in mappings(certificate)? {
            if issuer == ANY || subject == ANY {
                return Ok(false);
            }
            mapped.entry(issuer).or_default().insert(subject);
        }
        let may_map = self.policy_mapping > 0;
        let Some(level) = self.graph.as_mut().and_then(|graph| graph.last_mut()) else {
            return Ok(true);
        };
        for (issuer, subjects) in mapped {
            self.nodes = self.nodes.saturating_add(subjects.len());
            if self.nodes > MOST_NODES {
                return Err(Error::new(ErrorKind::TooLarge, "policy mappings"));
            }
            match (level.contains_key(&issuer), may_map) {
                (true, true) => {
                    if let Some(node) = level.get_mut(&issuer) {
                        node.expected = subjects;
                    }
                }
                (true, false) => {
                    level.remove(&issuer);
                }
                (false, true) if level.contains_key(ANY) => {
                    level.insert(
                        issuer,
                        Node {
                            expected: subjects,
                            parents: BTreeSet::from([ANY.to_owned()]),
                        },
                    );
                }
                (false, _) => {}
            }
        }
        self.prune();
        Ok(true)
    }

    /// Nodes without children go, from the bottom up; an empty bottom empties the graph.
    fn prune(&mut self) {
        let Some(graph) = &mut self.graph else {
            return;
        };
        let mut wanted: Option<BTreeSet<String>> = None;
        for level in graph.iter_mut().rev() {
            if let Some(wanted) = &wanted {
                level.retain(|name, _| wanted.contains(name));
            }
            wanted = Some(
                level
                    .values()
                    .flat_map(|node| node.parents.iter().cloned())
                    .collect(),
            );
        }
        if graph.last().is_none_or(BTreeMap::is_empty) {
            self.graph = None;
        }
    }

    /// §6.1.5 (g): whether a policy that the caller accepts is left, or none is asked for.
    fn holds(&self, inputs: &PathInputs) -> bool {
        if self.explicit_policy > 0 {
            return true;
        }
        let (Some(graph), Some(accepted)) = (&self.graph, &inputs.policies) else {
            return self.graph.is_some();
        };
        // From the top: a node below anyPolicy has to be one that the caller accepts.
        let mut open: BTreeSet<&str> = BTreeSet::from([ANY]);
        for level in graph.iter().skip(1) {
            open = level
                .iter()
                .filter(|(name, node)| {
                    node.parents.iter().any(|parent| {
                        open.contains(parent.as_str())
                            && (parent != ANY
                                || *name == ANY
                                || accepted.iter().any(|policy| policy == *name))
                    })
                })
                .map(|(name, _)| name.as_str())
                .collect();
        }
        !open.is_empty()
    }
}

#[derive(Default)]
struct PolicyConstraints {
    require_explicit: Option<usize>,
    inhibit_mapping: Option<usize>,
}

/// ```text
/// PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] INTEGER OPTIONAL,
///   inhibitPolicyMapping [1] INTEGER OPTIONAL }
/// ```
fn constraints(certificate: &Certificate) -> Result<PolicyConstraints, Error> {
    let Some((_, value)) = certificate.extension("2.5.29.36") else {
        return Ok(PolicyConstraints::default());
    };
    let mut outside = Reader::new(value, DEPTH);
    let mut fields = outside.expect(Tag::SEQUENCE)?.reader()?;
    outside.finish()?;
    let mut number = |tag| -> Result<Option<usize>, Error> {
        Ok(match fields.optional(Tag::context_primitive(tag))? {
            Some(value) => Some(usize::try_from(value.small_unsigned()?).unwrap_or(usize::MAX)),
            None => None,
        })
    };
    let constraints = PolicyConstraints {
        require_explicit: number(0)?,
        inhibit_mapping: number(1)?,
    };
    fields.finish()?;
    Ok(constraints)
}

fn inhibit_any(certificate: &Certificate) -> Result<Option<usize>, Error> {
    let Some((_, value)) = certificate.extension("2.5.29.54") else {
        return Ok(None);
    };
    let mut outside = Reader::new(value, DEPTH);
    let number = outside.expect(Tag::INTEGER)?.small_unsigned()?;
    outside.finish()?;
    Ok(Some(usize::try_from(number).unwrap_or(usize::MAX)))
}

/// ```text
/// PolicyMappings ::= SEQUENCE OF SEQUENCE { issuerDomainPolicy OID, subjectDomainPolicy OID }
/// ```
fn mappings(certificate: &Certificate) -> Result<Vec<(String, String)>, Error> {
    let Some((_, value)) = certificate.extension("2.5.29.33") else {
        return Ok(Vec::new());
    };
    let mut outside = Reader::new(value, DEPTH);
    let mut list = outside.expect(Tag::SEQUENCE)?.reader()?;
    outside.finish()?;
    let mut pairs = Vec::new();
    while !list.is_empty() {
        let mut pair = list.expect(Tag::SEQUENCE)?.reader()?;
        pairs.push((pair.oid()?.to_string(), pair.oid()?.to_string()));
        pair.finish()?;
        if pairs.len() > MOST_NODES {
            return Err(Error::new(ErrorKind::TooLarge, "policy mappings"));
        }
    }
    Ok(pairs)
}

/// anyPolicy.
const ANY: &str = "2.5.29.32.0";
const DEPTH: usize = 8;
/// Nodes of one graph; a path of sixteen authorities with a thousand policies each stays below.
const MOST_NODES: usize = 16_384;
