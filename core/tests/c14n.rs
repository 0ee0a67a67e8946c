//! Canonical XML against the public corpus: octets that Santuario and libxml2 agree on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::data;
use kyso::crypto::{DigestAlgorithm, Hasher};
use kyso::xml::{Method, canonicalize};
use kyso::{ErrorKind, Limits};
use serde_json::Value;

#[test]
fn every_document_of_the_corpus_has_the_canonical_form_that_others_give_it() {
    let Some(expected) = data("corpus/c14n/expectations.json") else {
        return;
    };
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let (mut same, mut refused) = (0, Vec::new());
    for case in expected["cases"].as_array().unwrap() {
        let Some(outputs) = case["expect"]["outputs"].as_array() else {
            continue;
        };
        let file = case["file"].as_str().unwrap();
        let Some(input) = data(&format!("corpus/c14n/{file}")) else {
            continue;
        };
        for output in outputs {
            let method = Method::from_uri(output["algorithm"].as_str().unwrap()).unwrap();
            let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
            let made = canonicalize(&input, &method, &Limits::default(), |piece| {
                hasher.update(piece);
            });
            match made {
                Ok(()) => {
                    let digest = hasher.finish().to_hex();
                    assert_eq!(digest, output["output_sha256"], "{file} {}", method.uri());
                    same += 1;
                }
                // A DOCTYPE, and what is not in UTF-8 or UTF-16, are refused on purpose.
                Err(error) => refused.push((file.to_owned(), error.kind())),
            }
        }
    }
    println!("{same} the same, {} refused", refused.len());
    let doubtful = refused
        .iter()
        .filter(|(_, kind)| !matches!(kind, ErrorKind::Malformed | ErrorKind::Unsupported));
    assert_eq!(doubtful.count(), 0);
    assert!(refused.len() * 50 < same.max(1), "{refused:?}");
}

fn canonical(text: &str, method: &Method) -> Result<String, kyso::Error> {
    let mut octets = Vec::new();
    canonicalize(text.as_bytes(), method, &Limits::default(), |piece| {
        octets.extend_from_slice(piece);
    })?;
    Ok(String::from_utf8(octets).unwrap())
}

#[test]
fn line_ends_references_and_attributes_are_written_as_the_recommendation_says() {
    let method = Method::inclusive();
    for (input, wanted) in [
        ("<a>1\r\n2\r3&#xD;4</a>", "<a>1\n2\n3&#xD;4</a>"),
        (
            "<a b='&#x9;&#xA;&#xD;\t\n&lt;&amp;\"'/>",
            "<a b=\"&#x9;&#xA;&#xD;  &lt;&amp;&quot;\"></a>",
        ),
        ("<a>&gt;<![CDATA[<&>]]></a>", "<a>&gt;&lt;&amp;&gt;</a>"),
        (
            "<?pi  x?>\n<a/><!-- c -->\n<?q?>",
            "<?pi x?>\n<a></a>\n<?q?>",
        ),
        (
            "<b:a xmlns:b='urn:b' xmlns='urn:a' xmlns:c='urn:a' c:z='1' b:y='2' x='3'/>",
            "<b:a xmlns=\"urn:a\" xmlns:b=\"urn:b\" xmlns:c=\"urn:a\" x=\"3\" c:z=\"1\" b:y=\"2\"></b:a>",
        ),
        (
            "<a xmlns='urn:a'><b xmlns=''><c xmlns=''/></b></a>",
            "<a xmlns=\"urn:a\"><b xmlns=\"\"><c></c></b></a>",
        ),
    ] {
        assert_eq!(canonical(input, &method).unwrap(), wanted, "{input}");
    }
    let exclusive = Method::exclusive([]);
    let input = "<a xmlns='urn:a' xmlns:b='urn:b'><c xmlns='urn:a'/><b:d/></a>";
    let wanted = "<a xmlns=\"urn:a\"><c></c><b:d xmlns:b=\"urn:b\"></b:d></a>";
    assert_eq!(canonical(input, &exclusive).unwrap(), wanted);
    let listed = Method::exclusive(["b".to_owned()]);
    let wanted = "<a xmlns=\"urn:a\" xmlns:b=\"urn:b\"><c></c><b:d></b:d></a>";
    assert_eq!(canonical(input, &listed).unwrap(), wanted);
}

#[test]
fn what_readers_disagree_about_is_refused() {
    for text in [
        "",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "x<a/>",
        "<a/>x",
        "<a b='1' b='2'/>",
        "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a xmlns:p=''/>",
        "<a xmlns='relative'/>",
        "<a xmlns:xml='urn:x'/>",
        "<!DOCTYPE a><a/>",
        "<a>&unknown;</a>",
        "<a>]]></a>",
        "<a>\u{1}</a>",
    ] {
        let refused = canonical(text, &Method::inclusive());
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Malformed, "{text}");
    }
    let deep = "<a>".repeat(1_000) + &"</a>".repeat(1_000);
    let refused = canonical(&deep, &Method::inclusive());
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::TooLarge);
}
