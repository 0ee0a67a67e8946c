//! One table for an element and its children, four uses: reading, writing, JSON out, JSON in.
//!
//! Each structure of the envelope is declared once, its members in the order in which the official
//! SDK writes them; so the four can never disagree about a name.

use serde_json::{Map, Value};

use crate::edxml::organ::OrganCode;
use crate::edxml::other::{self, Other, Room};
use crate::edxml::rules::Findings;
use crate::error::{Error, ErrorKind, Place};
use crate::text;
use crate::xml::{ElementId, Index, Namespace, Writer};

/// The namespace of QCVN 102:2016.
pub(super) const Q102: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

/// What reading needs at hand.
pub(super) struct Reading<'i> {
    pub(super) index: &'i Index<'i>,
    pub(super) findings: Findings<'i>,
    /// The namespace whose names are read: that of the dialect.
    home: &'static str,
    pub(super) room: Room,
    /// Octets of text that may still be looked at for damage.
    texts: usize,
}

/// Octets of text of one envelope that are looked at for damage.
const TEXTS: usize = 64 << 10;

/// Which prefix the elements of a layer carry.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Layer {
    /// `edXML:`, inside the envelope.
    Prefixed,
    /// None: the root, `AttachmentEncoded` and what is in it.
    Plain,
}

/// A structure: an element whose children are its members.
pub(super) trait Record: Default {
    /// The members' element names and whether each may occur more than once.
    const MEMBERS: &'static [(&'static str, Occurs)];

    /// Takes in one child.
    fn take(&mut self, reading: &mut Reading<'_>, name: &str, child: ElementId);
    /// Whether no member has a value.
    fn is_absent(&self) -> bool;
    /// Adds each member that is there.
    fn put_json(&self, object: &mut Map<String, Value>);
    /// The member of this JSON name, from its value; `false` where there is none of that name.
    fn take_json(&mut self, name: &str, value: &Value, at: &str) -> Result<bool, Error>;
    /// Takes in the elements that are no members.
    fn keep(&mut self, other: Vec<Other>);
    /// Writes each member that is there.
    fn write_members(&self, writer: &mut Writer) -> Result<(), Error>;
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Occurs {
    Once,
    Often,
}

/// One value of a member.
pub(super) trait Item: Sized {
    fn read(reading: &mut Reading<'_>, element: ElementId, rule: &'static str) -> Option<Self>;
    fn to_json(&self) -> Option<Value>;
    fn from_json(value: &Value, at: &str) -> Result<Option<Self>, Error>;
    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error>;
}

/// A member: a value that may be missing, or a list.
pub(super) trait Member: Sized {
    const OCCURS: Occurs;
    fn take(&mut self, reading: &mut Reading<'_>, element: ElementId, rule: &'static str);
    fn is_absent(&self) -> bool;
    fn to_json(&self) -> Option<Value>;
    fn from_json(value: &Value, at: &str) -> Result<Self, Error>;
    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error>;
}

impl<'i> Reading<'i> {
    pub(super) fn new(index: &'i Index<'i>, home: &'static str) -> Self {
        Self {
            index,
            findings: Findings::new(index),
            home,
            room: Room::default(),
            texts: TEXTS,
        }
    }

    /// Which of the known names an element has, where its namespace lets it have one (N1 to N4).
    pub(super) fn known(
        &mut self,
        element: ElementId,
        known: impl Fn(&str) -> bool,
        layer: Layer,
    ) -> Option<String> {
        let index = self.index;
        let mut name = index.local_name(element).to_owned();
        let namespace = index.namespace(element);
        if let Some(rest) = name.strip_prefix("Business") {
            let regulation = format!("Bussiness{rest}");
            if known(&regulation) && namespace == Namespace::Uri(self.home) {
                self.findings.add("N4", element, &name);
                name = regulation;
            }
        }
        if !known(&name) {
            self.findings.add("S4", element, &name);
            return None;
        }
        match namespace {
            // The flat dialect has no rule of prefixes.
            Namespace::Uri(uri) if uri == self.home && uri != Q102 => {}
            Namespace::Uri(Q102) => {
                let expected = match layer {
                    Layer::Prefixed => "edXML",
                    Layer::Plain => "",
                };
                if index.prefix(element) != expected {
                    self.findings
                        .add("N2", element, index.qualified_name(element));
                }
            }
            Namespace::Uri(other) => {
                self.findings.add("N3", element, other);
                return None;
            }
            // An unbound prefix has been told already, as X5.
            Namespace::Unbound => {}
            _ => self.findings.add("N1", element, &name),
        }
        Some(name)
    }

    /// Reads the children of an element into a record.
    pub(super) fn record<R: Record>(&mut self, element: ElementId) -> R {
        let mut record = R::default();
        let take = |reading: &mut Self, name: &str, child| record.take(reading, name, child);
        let mut other = Vec::new();
        self.members(element, R::MEMBERS, |_| Layer::Prefixed, &mut other, take);
        record.keep(other);
        record
    }

    /// Hands each child that has one of the names to `take`; a second child of a name that may
    /// occur once is S3. `Signature` is left to who looks for signatures.
    pub(super) fn members(
        &mut self,
        element: ElementId,
        members: &[(&str, Occurs)],
        layer: impl Fn(&str) -> Layer,
        others: &mut Vec<Other>,
        mut take: impl FnMut(&mut Self, &str, ElementId),
    ) {
        let mut seen: Vec<&str> = Vec::new();
        let mut after: Option<String> = None;
        let index = self.index;
        for child in index.children(element) {
            let local = index.local_name(child);
            if local == "Signature" {
                continue;
            }
            let member = |name: &str| members.iter().find(|(known, _)| *known == name);
            let Some(name) = self.known(child, |name| member(name).is_some(), layer(local)) else {
                other::keep(self, child, after.as_deref(), others);
                continue;
            };
            if let Some((known, Occurs::Once)) = member(&name) {
                if seen.contains(known) {
                    self.findings.add("S3", child, &name);
                    continue;
                }
                seen.push(known);
            }
            take(self, &name, child);
            after = Some(name);
        }
    }

    /// V1 and V2: whether a text is what was meant.
    pub(super) fn look_at(&mut self, element: ElementId, text: &str) {
        if text.len() > self.texts {
            return;
        }
        self.texts = self.texts.saturating_sub(text.len());
        let examined = text::glance(text);
        if examined.damage.is_empty() {
            return;
        }
        let said: Vec<&str> = examined.damage.iter().map(|damage| damage.code()).collect();
        let said = said.join(", ");
        if examined.is_reliable {
            let raw = format!("{said}: {text} → {}", examined.text);
            self.findings.add("V1", element, &raw);
        } else {
            self.findings.add("V2", element, &format!("{said}: {text}"));
        }
    }

    /// The trimmed text of an element that should hold nothing else.
    pub(super) fn leaf(&mut self, element: ElementId) -> String {
        for child in self.index.children(element) {
            self.findings.add("S4", child, self.index.local_name(child));
        }
        self.index.text(element).trim().to_owned()
    }
}

impl<I: Item> Member for Option<I> {
    const OCCURS: Occurs = Occurs::Once;

    fn take(&mut self, reading: &mut Reading<'_>, element: ElementId, rule: &'static str) {
        *self = I::read(reading, element, rule);
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn to_json(&self) -> Option<Value> {
        self.as_ref().and_then(I::to_json)
    }

    fn from_json(value: &Value, at: &str) -> Result<Self, Error> {
        match value {
            // A list of one stands for its item: `response_for` is a list in a document.
            Value::Array(items) => match items.as_slice() {
                [] => Ok(None),
                [one] => I::from_json(one, at),
                _ => Err(wrong(at, "one value is expected here, not a list")),
            },
            value => I::from_json(value, at),
        }
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        self.iter().try_for_each(|item| item.write(writer, element))
    }
}

impl<I: Item> Member for Vec<I> {
    const OCCURS: Occurs = Occurs::Often;

    fn take(&mut self, reading: &mut Reading<'_>, element: ElementId, rule: &'static str) {
        self.extend(I::read(reading, element, rule));
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn to_json(&self) -> Option<Value> {
        (!self.is_empty()).then(|| self.iter().filter_map(I::to_json).collect())
    }

    fn from_json(value: &Value, at: &str) -> Result<Self, Error> {
        let mut out = Self::new();
        match value {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    out.extend(I::from_json(item, &format!("{at}[{number}]"))?);
                }
            }
            one => out.extend(I::from_json(one, at)?),
        }
        Ok(out)
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        self.iter().try_for_each(|item| item.write(writer, element))
    }
}

/// A record as the value of a member; one without any value counts as absent (H8).
pub(super) fn record_to_json<R: Record>(record: &R) -> Option<Value> {
    let mut object = Map::new();
    record.put_json(&mut object);
    (!object.is_empty()).then_some(Value::Object(object))
}

/// A record from a JSON object; a member of an unknown name is refused, since it is a slip of the
/// pen that would otherwise vanish.
pub(super) fn record_from_json<R: Record>(value: &Value, at: &str) -> Result<Option<R>, Error> {
    let object = match value {
        Value::Null => return Ok(None),
        Value::Object(object) => object,
        _ => return Err(wrong(at, "an object is expected here")),
    };
    let mut record = R::default();
    for (name, value) in object {
        let at = format!("{at}.{name}");
        // Who writes English gets what is meant: the regulation spells it `bussiness`.
        let regulation = name.replacen("business", "bussiness", 1);
        if !record.take_json(name, value, &at)? && !record.take_json(&regulation, value, &at)? {
            return Err(wrong(&at, "the regulation has no such element"));
        }
    }
    Ok((!record.is_absent()).then_some(record))
}

pub(super) fn write_record<R: Record>(
    record: &R,
    writer: &mut Writer,
    element: &'static str,
) -> Result<(), Error> {
    if record.is_absent() {
        return Ok(());
    }
    writer
        .open(element, &[])
        .map_err(|f| forbidden(f, element))?;
    record.write_members(writer)?;
    writer.close();
    Ok(())
}

/// A leaf; nothing at all where the text is blank (W2).
pub(super) fn write_text(
    writer: &mut Writer,
    element: &'static str,
    text: &str,
) -> Result<(), Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    writer
        .leaf(element, &[], text)
        .map_err(|fault| forbidden(fault, element))
}

/// W3: a character that XML cannot carry.
pub(super) fn forbidden(fault: crate::xml::Forbidden, element: &str) -> Error {
    let detail = format!("W3: {fault}");
    Error::new(ErrorKind::Misuse, detail).at(Place::Element(element.to_owned()))
}

pub(super) fn wrong(at: &str, detail: &'static str) -> Error {
    Error::new(ErrorKind::Misuse, detail).at(Place::Part(at.to_owned()))
}

/// Whether a text is an identifier code of either form.
pub(super) fn is_organ_code(text: &str) -> bool {
    OrganCode::parse(text).is_some()
}

/// The JSON name of an element: `OrganId` is `organ_id`.
pub(super) fn snake(element: &str) -> String {
    let mut out = String::new();
    for c in element.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Declares a record: its members in the SDK's order, each with its element and the rule that its
/// value keeps (`""`: none of its own).
macro_rules! record {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $field:ident: $kind:ty = $element:literal, $rule:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$meaning])* pub $field: $kind,)*
            /// Elements that the regulation does not know, in their order.
            pub other: Vec<$crate::edxml::other::Other>,
        }

        impl $crate::edxml::record::Record for $name {
            const MEMBERS: &'static [(&'static str, $crate::edxml::record::Occurs)] = &[
                $(($element, <$kind as $crate::edxml::record::Member>::OCCURS),)*
            ];

            fn take(
                &mut self,
                reading: &mut $crate::edxml::record::Reading<'_>,
                name: &str,
                child: $crate::xml::ElementId,
            ) {
                match name {
                    $($element => {
                        $crate::edxml::record::Member::take(&mut self.$field, reading, child, $rule);
                    })*
                    _ => {}
                }
            }

            fn is_absent(&self) -> bool {
                self.other.is_empty()
                    $(&& $crate::edxml::record::Member::is_absent(&self.$field))*
            }

            fn keep(&mut self, other: Vec<$crate::edxml::other::Other>) {
                self.other = other;
            }

            fn put_json(&self, object: &mut ::serde_json::Map<String, ::serde_json::Value>) {
                $(if let Some(value) = $crate::edxml::record::Member::to_json(&self.$field) {
                    object.insert($crate::edxml::record::snake($element), value);
                })*
                if let Some(value) = $crate::edxml::other::to_json(&self.other) {
                    object.insert("other".to_owned(), value);
                }
            }

            fn take_json(
                &mut self,
                name: &str,
                value: &::serde_json::Value,
                at: &str,
            ) -> Result<bool, $crate::error::Error> {
                $(if name == $crate::edxml::record::snake($element) {
                    self.$field = $crate::edxml::record::Member::from_json(value, at)?;
                    return Ok(true);
                })*
                if name == "other" {
                    let known = |name: &str| [$($element),*].contains(&name);
                    self.other = $crate::edxml::other::from_json(value, at, known)?;
                    return Ok(true);
                }
                Ok(false)
            }

            fn write_members(
                &self,
                writer: &mut $crate::xml::Writer,
            ) -> Result<(), $crate::error::Error> {
                $crate::edxml::other::write(&self.other, None, writer)?;
                $($crate::edxml::record::Member::write(
                    &self.$field,
                    writer,
                    concat!("edXML:", $element),
                )?;
                $crate::edxml::other::write(&self.other, Some($element), writer)?;)*
                Ok(())
            }
        }

        impl $crate::edxml::record::Item for $name {
            fn read(
                reading: &mut $crate::edxml::record::Reading<'_>,
                element: $crate::xml::ElementId,
                _: &'static str,
            ) -> Option<Self> {
                let record: Self = reading.record(element);
                (!$crate::edxml::record::Record::is_absent(&record)).then_some(record)
            }

            fn to_json(&self) -> Option<::serde_json::Value> {
                $crate::edxml::record::record_to_json(self)
            }

            fn from_json(
                value: &::serde_json::Value,
                at: &str,
            ) -> Result<Option<Self>, $crate::error::Error> {
                $crate::edxml::record::record_from_json(value, at)
            }

            fn write(
                &self,
                writer: &mut $crate::xml::Writer,
                element: &'static str,
            ) -> Result<(), $crate::error::Error> {
                $crate::edxml::record::write_record(self, writer, element)
            }
        }
    };
}
pub(super) use record;
