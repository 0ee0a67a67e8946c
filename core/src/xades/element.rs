//! Small questions about elements.

use crate::xml::{ElementId, Index, Namespace};

/// Whether an element has this expanded name.
pub(crate) fn is_named(index: &Index<'_>, id: ElementId, namespace: &str, name: &str) -> bool {
    index.local_name(id) == name && index.namespace(id) == Namespace::Uri(namespace)
}

/// The first child of this expanded name.
pub(crate) fn child(
    index: &Index<'_>,
    parent: ElementId,
    namespace: &str,
    name: &str,
) -> Option<ElementId> {
    index
        .children(parent)
        .find(|id| is_named(index, *id, namespace, name))
}

/// A number in decimal.
pub(crate) fn number(index: &Index<'_>, id: ElementId) -> Option<u32> {
    index.text(id).trim().parse().ok()
}

/// The octets that an element holds in base64; white space may stand in it, and nothing else.
/// Nothing where the element holds elements.
pub(crate) fn octets(index: &Index<'_>, id: ElementId) -> Option<Vec<u8>> {
    if index.children(id).next().is_some() {
        return None;
    }
    unbase64(&index.text(id))
}

/// The octets of strict base64 with white space (RFC 2045 as XML Schema §3.2.16 has it).
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    let plain: Vec<u8> = text
        .bytes()
        .filter(|octet| !matches!(octet, b' ' | b'\t' | b'\r' | b'\n'))
        .collect();
    base64_simd::STANDARD.decode_to_vec(plain).ok()
}

/// Whether a comment or an instruction stands somewhere inside the element.
pub(crate) fn has_asides(index: &Index<'_>, id: ElementId) -> bool {
    let text = index.document().get(index.inner(id)).unwrap_or_default();
    text.contains("<!--") || text.contains("<?")
}

/// Whether one span lies in another.
pub(crate) fn lies_in(index: &Index<'_>, inner: ElementId, outer: ElementId) -> bool {
    let (inner, outer) = (index.span(inner), index.span(outer));
    outer.start <= inner.start && inner.end <= outer.end
}

/// What a prefix is bound to where an element stands.
pub(crate) fn bound(index: &Index<'_>, id: ElementId, prefix: &str) -> Option<String> {
    let mut current = Some(id);
    while let Some(id) = current {
        let attributes = index.attributes(id);
        let found = attributes.into_iter().find(|attribute| {
            (attribute.prefix == "xmlns" && attribute.name == prefix)
                || (prefix.is_empty() && attribute.prefix.is_empty() && attribute.name == "xmlns")
        });
        if let Some(found) = found {
            return Some(found.value.into_owned());
        }
        current = index.parent(id);
    }
    None
}

/// The content octets of a DER INTEGER from a number in decimal, as long as real serial numbers are.
pub(crate) fn serial(decimal: &str) -> Option<Vec<u8>> {
    let digits = decimal.trim();
    if digits.is_empty() || digits.len() > 60 {
        return None;
    }
    let mut octets: Vec<u8> = vec![0];
    for digit in digits.bytes() {
        let value = digit.checked_sub(b'0').filter(|value| *value < 10)?;
        let mut carry = u32::from(value);
        for octet in octets.iter_mut().rev() {
            let sum = u32::from(*octet).checked_mul(10)?.checked_add(carry)?;
            *octet = u8::try_from(sum & 0xff).ok()?;
            carry = sum >> 8;
        }
        if carry > 0 {
            octets.insert(0, u8::try_from(carry).ok()?);
        }
    }
    if octets.first().is_some_and(|first| *first >= 0x80) {
        octets.insert(0, 0);
    }
    Some(octets)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_in_decimal_is_the_integer_of_the_certificate() {
        assert_eq!(serial("0").unwrap(), [0]);
        assert_eq!(serial("127").unwrap(), [0x7f]);
        assert_eq!(serial("128").unwrap(), [0, 0x80]);
        assert_eq!(serial(" 65537\n").unwrap(), [1, 0, 1]);
        assert_eq!(serial("-1"), None);
        assert_eq!(serial("1e3"), None);
        assert_eq!(serial(&"9".repeat(61)), None);
    }

    #[test]
    fn base64_is_strict_but_for_white_space() {
        assert_eq!(unbase64(" Y\nQ=\t= ").unwrap(), b"a");
        for bad in ["YQ", "YQ=", "YR==", "Y*==", "YQ==YQ=="] {
            assert_eq!(unbase64(bad), None, "{bad}");
        }
    }
}
