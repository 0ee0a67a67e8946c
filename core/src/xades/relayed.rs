//! What relays do to an envelope whose header is signed: each appends a `TraceHeader`, which breaks a
//! signature over the whole document.

use crate::xades::reference::Document;
use crate::xades::signature::Dsig;
use crate::xml::ElementId;

/// How many of the last trace headers have to be thought away for every broken reference to hold
/// again; nothing where that does not explain it.
pub(crate) fn traces(document: &Document<'_, '_>, dsig: &Dsig) -> Option<usize> {
    let broken: Vec<usize> = (0..dsig.covered.len())
        .filter(|at| dsig.covered.get(*at).is_some_and(|one| !one.is_intact))
        .collect();
    let followed = dsig.references.iter().all(|one| one.selected.is_ok());
    if broken.is_empty() || !followed || dsig.covered.len() != dsig.references.len() {
        return None;
    }
    let index = document.index;
    let lists = index
        .elements()
        .filter(|id| index.local_name(*id) == "TraceHeaderList");
    let [list] = lists.take(2).collect::<Vec<_>>().try_into().ok()?;
    let mut traces: Vec<ElementId> = index
        .children(list)
        .filter(|id| index.local_name(*id) == "TraceHeader")
        .collect();
    traces.reverse();
    traces.truncate(MOST);
    let holds = |without: &[ElementId]| {
        broken.iter().all(|at| {
            let reference = dsig.references.get(*at);
            reference.is_some_and(|one| one.holds_without(document, without) == Ok(true))
        })
    };
    (1..=traces.len())
        .find(|count| traces.get(..*count).is_some_and(holds))
        // The first relay may have brought the list along.
        .or_else(|| holds(&[list]).then_some(traces.len()))
}

/// Relays that are thought away; real routes are shorter.
const MOST: usize = 8;
