//! As much DER as is needed to spoil a signature: a tree that is read, changed and written again.

/// One value.
#[derive(Clone)]
pub(super) enum Node {
    Primitive(u8, Vec<u8>),
    Constructed(u8, Vec<Node>),
}

impl Node {
    pub(super) fn read(der: &[u8]) -> Self {
        let (node, rest) = Self::first(der);
        assert!(rest.is_empty());
        node
    }

    fn first(der: &[u8]) -> (Self, &[u8]) {
        let (tag, first) = (der[0], usize::from(der[1]));
        let (length, start) = if first < 0x80 {
            (first, 2)
        } else {
            let count = first - 0x80;
            let octets = &der[2..2 + count];
            let length = octets
                .iter()
                .fold(0, |sum, octet| sum * 256 + usize::from(*octet));
            (length, 2 + count)
        };
        let (content, rest) = der[start..].split_at(length);
        if tag & 0x20 == 0 {
            return (Self::Primitive(tag, content.to_vec()), rest);
        }
        let mut children = Vec::new();
        let mut content = content;
        while !content.is_empty() {
            let (child, after) = Self::first(content);
            children.push(child);
            content = after;
        }
        (Self::Constructed(tag, children), rest)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        match self {
            Self::Primitive(tag, content) => tlv(*tag, content),
            Self::Constructed(tag, children) => {
                let content: Vec<u8> = children.iter().flat_map(Node::write).collect();
                tlv(*tag, &content)
            }
        }
    }

    pub(super) fn children(&mut self) -> &mut Vec<Node> {
        match self {
            Self::Constructed(_, children) => children,
            Self::Primitive(tag, _) => panic!("{tag:#x} holds no others"),
        }
    }

    fn tag(&self) -> u8 {
        match self {
            Self::Primitive(tag, _) | Self::Constructed(tag, _) => *tag,
        }
    }
}

/// The SignerInfo of a CMS.
pub(super) fn signer_info(cms: &mut Node) -> &mut Node {
    let signed_data = &mut cms.children()[1].children()[0];
    let infos = signed_data.children().last_mut().unwrap();
    &mut infos.children()[0]
}

/// The signed attributes of a SignerInfo.
pub(super) fn attributes(signer_info: &mut Node) -> &mut Vec<Node> {
    let attributes = signer_info.children().iter_mut();
    let mut attributes = attributes.filter(|node| node.tag() == 0xa0);
    attributes.next().unwrap().children()
}

/// The signature value of a SignerInfo.
pub(super) fn value(signer_info: &mut Node) -> &mut Node {
    let values = signer_info.children().iter_mut();
    let mut values = values.filter(|node| node.tag() == 0x04);
    values.next().unwrap()
}

pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..0x80 => out.push(u8::try_from(short).unwrap()),
        long => {
            let octets = long.to_be_bytes();
            let octets = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
            out.push(0x80 + u8::try_from(octets.len()).unwrap());
            out.extend_from_slice(octets);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}
