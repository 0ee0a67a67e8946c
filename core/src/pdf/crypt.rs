//! Encrypted files (ISO 32000-2 §7.6): the standard security handler, revisions 2 to 6, with RC4,
//! AES-128 and AES-256 and the crypt filters of a file.
//!
//! The empty user password is tried, then what the caller gave, as user and as owner password. A
//! file that none of them opens is *locked*: its structure can be read, its strings and streams
//! cannot. Refused: other handlers (public keys), and revisions that were never published.
//!
//! Never decrypted: `/Contents` of a signature (§7.6.2, [`Text::written_octets`]), the encryption
//! dictionary itself, cross-reference streams, and what stands in an object stream (its octets were
//! decrypted as a whole). Nothing here protects anything: signatures do not rest on it, since they
//! are over the octets as they stand.
//!
//! [`Text::written_octets`]: crate::pdf::object::Text::written_octets

use std::borrow::Cow;

use crate::crypto::cipher::{BLOCK, aes_cbc_decrypt, aes_cbc_encrypt, rc4};
use crate::crypto::{Digest, DigestAlgorithm, sha256};
use crate::error::{Error, ErrorKind};
use crate::pdf::object::{Dictionary, Object, Reference};

/// How an encrypted file is opened.
#[derive(Clone)]
pub(crate) struct Crypt {
    /// The file's key; `None` where no password opens it.
    key: Option<Vec<u8>>,
    strings: Method,
    streams: Method,
    attachments: Method,
    filters: Vec<(Vec<u8>, Method)>,
    encrypts_metadata: bool,
    /// The object of the encryption dictionary, whose strings are never encrypted.
    pub(super) dictionary: Option<u32>,
    facts: CryptFacts,
}

/// What is worth telling about the encryption of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CryptFacts {
    /// How streams are encrypted.
    pub(crate) method: Method,
    /// /R: the revision of the handler.
    pub(crate) revision: i64,
    /// Bits of the key.
    pub(crate) bits: usize,
    /// /P: what the user password permits (§7.6.4.2).
    pub(crate) permissions: u32,
    /// Which password opened it.
    pub(crate) opened: Opened,
    /// Whether /Perms says the same as /P; `None` where there is no /Perms to compare.
    pub(crate) permissions_agree: Option<bool>,
}

/// Which password opened a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The empty user password, as every reader tries it.
    Empty,
    /// The given one, as user password.
    User,
    /// The given one, as owner password.
    Owner,
    /// None; none was given.
    LockedNoPassword,
    /// None; the one given does not fit.
    LockedWrongPassword,
}

/// How octets are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Not at all.
    Identity,
    /// RC4 (/V2 and before).
    Rc4,
    /// AES with 128 bits (/AESV2).
    Aes128,
    /// AES with 256 bits (/AESV3).
    Aes256,
}

impl Method {
    /// Its usual name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
            Self::Rc4 => "RC4",
            Self::Aes128 => "AES-128",
            Self::Aes256 => "AES-256",
        }
    }
}

impl Crypt {
    /// Reads an encryption dictionary and tries the passwords. `identifier` is the first half of the
    /// file's /ID, `get` gives a value of the dictionary with references followed.
    pub(super) fn open<'a>(
        dictionary: &Dictionary<'a>,
        number: Option<u32>,
        identifier: &[u8],
        password: Option<&[u8]>,
        get: &dyn Fn(&Dictionary<'a>, &str) -> Result<Object<'a>, Error>,
    ) -> Result<Self, Error> {
        let value = |key: &str| get(dictionary, key);
        let integer = |key: &str| Ok::<_, Error>(value(key)?.integer());
        let octets = |key: &str| -> Result<Vec<u8>, Error> {
            Ok(match value(key)? {
                Object::String(text) => text.written_octets(),
                _ => Vec::new(),
            })
        };
        match value("Filter")? {
            Object::Name(name) if name.is("Standard") => {}
            Object::Name(name) => {
                let what = format!("the encryption handler {} of a PDF", name.text());
                return Err(Error::new(ErrorKind::Unsupported, what));
            }
            _ => return Err(malformed()),
        }
        let version = integer("V")?.unwrap_or(0);
        let revision = integer("R")?.ok_or_else(malformed)?;
        if !matches!((version, revision), (1..=2, 2..=3) | (4, 4) | (5, 5..=6)) {
            let what = format!("encryption of a PDF, version {version}, revision {revision}");
            return Err(Error::new(ErrorKind::Unsupported, what));
        }
        let mut filters = Vec::new();
        let mut stated = None;
        let (mut strings, mut streams, mut attachments) = (Method::Rc4, Method::Rc4, None);
        if version >= 4 {
            if let Some(all) = value("CF")?.dictionary() {
                for (name, filter) in all.iter().take(MOST_FILTERS) {
                    let name = name.text().into_bytes();
                    let Some(filter) = filter.dictionary() else {
                        continue;
                    };
                    let method = match get(filter, "CFM")? {
                        Object::Name(name) if name.is("V2") => Method::Rc4,
                        Object::Name(name) if name.is("AESV2") => Method::Aes128,
                        Object::Name(name) if name.is("AESV3") => Method::Aes256,
                        Object::Name(name) if name.is("None") => Method::Identity,
                        Object::Null => Method::Identity,
                        _ => return Err(Error::new(ErrorKind::Unsupported, "a crypt filter")),
                    };
                    stated = stated.or(get(filter, "Length")?.integer());
                    filters.push((name, method));
                }
            }
            let named = |key: &str| -> Result<Option<Method>, Error> {
                Ok(match value(key)? {
                    Object::Name(name) => Some(method(&filters, name.text().as_bytes())?),
                    _ => None,
                })
            };
            strings = named("StrF")?.unwrap_or(Method::Identity);
            streams = named("StmF")?.unwrap_or(Method::Identity);
            attachments = named("EFF")?;
        }
        let permissions = integer("P")?.unwrap_or(0).to_le_bytes();
        let [a, b, c, d, ..] = permissions;
        let permissions = [a, b, c, d];
        let encrypts_metadata = !matches!(
            dictionary
                .raw_value("EncryptMetadata")
                .as_ref()
                .map(|raw| raw.octets() == b"false"),
            Some(true)
        );
        let secrets = Secrets {
            revision,
            lengths: lengths(version, integer("Length")?, stated),
            owner: octets("O")?,
            user: octets("U")?,
            owner_key: octets("OE")?,
            user_key: octets("UE")?,
            permissions,
            identifier,
            encrypts_metadata,
        };
        let (key, opened) = secrets.try_all(password);
        let permissions_agree = match (&key, octets("Perms")?) {
            (Some(key), perms) if revision >= 5 && perms.len() == BLOCK => {
                let plain = aes_cbc_decrypt(key, &[0; BLOCK], &perms).unwrap_or_default();
                Some(plain.get(..4) == Some(&permissions) && plain.get(9..12) == Some(b"adb"))
            }
            _ => None,
        };
        let bits = key
            .as_ref()
            .map_or_else(|| secrets.lengths.first().copied().unwrap_or(0), Vec::len)
            * 8;
        Ok(Self {
            key,
            strings,
            streams,
            attachments: attachments.unwrap_or(streams),
            filters,
            encrypts_metadata,
            dictionary: number,
            facts: CryptFacts {
                method: streams,
                revision,
                bits,
                permissions: u32::from_le_bytes(permissions),
                opened,
                permissions_agree,
            },
        })
    }

    /// What is worth telling.
    pub(crate) fn facts(&self) -> CryptFacts {
        self.facts
    }

    /// Whether no password opens the file.
    pub(crate) fn is_locked(&self) -> bool {
        self.key.is_none()
    }

    /// The octets of a string of this object; nothing where the file is locked.
    pub(super) fn string(&self, id: Reference, octets: Vec<u8>) -> Vec<u8> {
        if self.strings == Method::Identity {
            return octets;
        }
        match &self.key {
            Some(key) => decrypt(key, id, self.strings, &octets),
            None => Vec::new(),
        }
    }

    /// The octets of a stream of this object as its filters take them.
    pub(super) fn stream<'d>(
        &self,
        id: Reference,
        dictionary: &Dictionary<'_>,
        crypt_filter: Option<Vec<u8>>,
        data: &'d [u8],
    ) -> Result<Cow<'d, [u8]>, Error> {
        let kind = dictionary.get("Type");
        let method = match crypt_filter {
            Some(name) => method(&self.filters, &name)?,
            None if kind.is_name("XRef") => Method::Identity,
            None if kind.is_name("Metadata") && !self.encrypts_metadata => Method::Identity,
            None if kind.is_name("EmbeddedFile") => self.attachments,
            None => self.streams,
        };
        if method == Method::Identity {
            return Ok(Cow::Borrowed(data));
        }
        match &self.key {
            Some(key) => Ok(Cow::Owned(decrypt(key, id, method, data))),
            None => Err(Error::new(ErrorKind::Locked, LOCKED)),
        }
    }
}

/// Keys and passwords of the standard handler (§7.6.4).
struct Secrets<'i> {
    revision: i64,
    /// How many octets the key may have, the likeliest first.
    lengths: Vec<usize>,
    owner: Vec<u8>,
    user: Vec<u8>,
    owner_key: Vec<u8>,
    user_key: Vec<u8>,
    permissions: [u8; 4],
    identifier: &'i [u8],
    encrypts_metadata: bool,
}

impl Secrets<'_> {
    fn try_all(&self, password: Option<&[u8]>) -> (Option<Vec<u8>>, Opened) {
        if let Some(key) = self.as_user(b"") {
            return (Some(key), Opened::Empty);
        }
        let Some(password) = password else {
            return (None, Opened::LockedNoPassword);
        };
        let spellings = spellings(password, self.revision);
        if let Some(key) = spellings.iter().find_map(|password| self.as_user(password)) {
            return (Some(key), Opened::User);
        }
        if let Some(key) = spellings
            .iter()
            .find_map(|password| self.as_owner(password))
        {
            return (Some(key), Opened::Owner);
        }
        (None, Opened::LockedWrongPassword)
    }

    fn as_user(&self, password: &[u8]) -> Option<Vec<u8>> {
        if self.revision >= 5 {
            let user = self.user.get(..48)?;
            let (hash, salts) = user.split_at_checked(32)?;
            let (check, own) = salts.split_at_checked(8)?;
            if self.hash(password, check, &[]) != hash {
                return None;
            }
            let wrapping = self.hash(password, own, &[]);
            return aes_cbc_decrypt(&wrapping, &[0; BLOCK], self.user_key.get(..32)?);
        }
        self.lengths.iter().find_map(|&length| {
            let key = self.key(password, length);
            self.fits(&key).then_some(key)
        })
    }

    fn as_owner(&self, password: &[u8]) -> Option<Vec<u8>> {
        if self.revision >= 5 {
            let user = self.user.get(..48)?;
            let owner = self.owner.get(..48)?;
            let (hash, salts) = owner.split_at_checked(32)?;
            let (check, own) = salts.split_at_checked(8)?;
            if self.hash(password, check, user) != hash {
                return None;
            }
            let wrapping = self.hash(password, own, user);
            return aes_cbc_decrypt(&wrapping, &[0; BLOCK], self.owner_key.get(..32)?);
        }
        // Algorithm 7: the owner password leads to the user password.
        let mut digest = md5(&padded(password));
        if self.revision >= 3 {
            for _ in 0..50 {
                digest = md5(&digest);
            }
        }
        self.lengths.iter().find_map(|&length| {
            let key = digest.get(..length)?;
            let mut octets = self.owner.get(..32)?.to_vec();
            let rounds = if self.revision >= 3 { 19 } else { 0 };
            for round in (0..=rounds).rev() {
                octets = rc4(&flipped(key, round), &octets);
            }
            self.as_user(&octets)
        })
    }

    /// Algorithm 2: the file's key from a user password.
    fn key(&self, password: &[u8], length: usize) -> Vec<u8> {
        let mut text = padded(password);
        text.extend_from_slice(self.owner.get(..32).unwrap_or(&self.owner));
        text.extend_from_slice(&self.permissions);
        text.extend_from_slice(self.identifier);
        if self.revision >= 4 && !self.encrypts_metadata {
            text.extend_from_slice(&[0xff; 4]);
        }
        let mut digest = md5(&text);
        digest.truncate(length);
        if self.revision >= 3 {
            for _ in 0..50 {
                digest = md5(&digest);
                digest.truncate(length);
            }
        }
        digest
    }

    /// Algorithms 4 and 5: whether a key is the one that /U was made with.
    fn fits(&self, key: &[u8]) -> bool {
        if self.revision == 2 {
            return self.user.get(..32) == Some(rc4(key, &PADDING).as_slice());
        }
        let mut octets = md5(&[PADDING.as_slice(), self.identifier].concat());
        for round in 0..=19 {
            octets = rc4(&flipped(key, round), &octets);
        }
        self.user.get(..16) == Some(octets.as_slice())
    }

    /// The hash of revisions 5 and 6 (Algorithm 2.B). Its rounds end by their number: an octet is at
    /// most 255, so that no more than 288 are run.
    fn hash(&self, password: &[u8], salt: &[u8], user: &[u8]) -> Vec<u8> {
        let mut key = sha256(&[password, salt, user].concat()).to_vec();
        if self.revision == 5 {
            return key;
        }
        let mut round = 0_u32;
        let mut last = 0_u8;
        while round < 64 || u32::from(last) > round - 32 {
            let block = [password, key.as_slice(), user].concat().repeat(64);
            let (Some(cipher_key), Some(iv)) = (
                key.get(..BLOCK),
                key.get(BLOCK..)
                    .and_then(|rest| rest.first_chunk::<BLOCK>()),
            ) else {
                return Vec::new();
            };
            let Some(sealed) = aes_cbc_encrypt(cipher_key, iv, &block) else {
                return Vec::new();
            };
            // The first sixteen octets as a number, by three: 256 leaves one, so their sum decides.
            let sum: u32 = sealed
                .iter()
                .take(BLOCK)
                .map(|&octet| u32::from(octet))
                .sum();
            let algorithm = match sum % 3 {
                0 => DigestAlgorithm::Sha256,
                1 => DigestAlgorithm::Sha384,
                _ => DigestAlgorithm::Sha512,
            };
            key = Digest::of(algorithm, &sealed).as_bytes().to_vec();
            last = sealed.last().copied().unwrap_or(0);
            round += 1;
        }
        key.truncate(32);
        key
    }
}

/// The lengths that a key may have in octets.
fn lengths(version: i64, stated: Option<i64>, filter: Option<i64>) -> Vec<usize> {
    let bits = |bits: i64| {
        usize::try_from(bits / 8)
            .ok()
            .filter(|octets| (5..=16).contains(octets))
    };
    match version {
        1 => vec![5],
        2 => vec![stated.and_then(bits).unwrap_or(5)],
        // Always 128 bits; writers that took another length over from somewhere exist.
        4 => {
            let filter = filter.map(|length| if length < 40 { length * 8 } else { length });
            let mut all = vec![16];
            for other in [stated, filter].into_iter().flatten().filter_map(bits) {
                if !all.contains(&other) {
                    all.push(other);
                }
            }
            all
        }
        _ => vec![32],
    }
}

/// How a password may have been turned into octets: as given; in the single octets of older
/// files (§7.6.4.3.2), which agree with Latin-1 where Latin-1 has the letter.
fn spellings(password: &[u8], revision: i64) -> Vec<Vec<u8>> {
    let most = if revision >= 5 { 127 } else { 32 };
    let mut all = vec![
        password
            .get(..password.len().min(most))
            .unwrap_or_default()
            .to_vec(),
    ];
    if revision < 5
        && let Ok(text) = std::str::from_utf8(password)
        && !text.is_ascii()
    {
        let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
        all.extend(latin);
    }
    all
}

/// The key for one object (Algorithm 1).
fn object_key(key: &[u8], id: Reference, method: Method) -> Vec<u8> {
    if method == Method::Aes256 {
        return key.to_vec();
    }
    let [a, b, c, _] = id.number.to_le_bytes();
    let [d, e] = id.generation.to_le_bytes();
    let mut text = [key, &[a, b, c, d, e]].concat();
    if method == Method::Aes128 {
        text.extend_from_slice(b"sAlT");
    }
    let mut digest = md5(&text);
    digest.truncate(key.len() + 5);
    digest
}

fn decrypt(key: &[u8], id: Reference, method: Method, data: &[u8]) -> Vec<u8> {
    let own = object_key(key, id, method);
    match method {
        Method::Identity => data.to_vec(),
        Method::Rc4 => rc4(&own, data),
        Method::Aes128 | Method::Aes256 => {
            let Some((iv, rest)) = data.split_first_chunk::<BLOCK>() else {
                return Vec::new();
            };
            let mut octets = aes_cbc_decrypt(&own, iv, rest).unwrap_or_default();
            // A padding that cannot be is left: what stands before it may still be read.
            if let Some(&padding) = octets.last()
                && (1..=BLOCK).contains(&usize::from(padding))
            {
                octets.truncate(octets.len().saturating_sub(usize::from(padding)));
            }
            octets
        }
    }
}

fn method(filters: &[(Vec<u8>, Method)], name: &[u8]) -> Result<Method, Error> {
    if name == b"Identity" {
        return Ok(Method::Identity);
    }
    let found = filters.iter().find(|(known, _)| known == name);
    found
        .map(|(_, method)| *method)
        .ok_or_else(|| Error::new(ErrorKind::Malformed, "a crypt filter that is not there"))
}

fn padded(password: &[u8]) -> Vec<u8> {
    password.iter().chain(&PADDING).take(32).copied().collect()
}

fn flipped(key: &[u8], round: u8) -> Vec<u8> {
    key.iter().map(|octet| octet ^ round).collect()
}

fn md5(octets: &[u8]) -> Vec<u8> {
    Digest::of(DigestAlgorithm::Md5, octets).as_bytes().to_vec()
}

fn malformed() -> Error {
    Error::new(ErrorKind::Malformed, "the encryption dictionary of a PDF")
}

/// The detail of the error for what a locked file does not give.
pub(crate) const LOCKED: &str = "an encrypted PDF that no known password opens";
/// §7.6.4.3.2, Algorithm 2, step a.
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];
const MOST_FILTERS: usize = 64;
