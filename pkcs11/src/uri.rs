//! `pkcs11:` URIs (RFC 7512): [`Uri`].

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use kyso::{Error, ErrorKind};

/// Which key on which token through which driver.
///
/// `pkcs11:token=LABEL;serial=…;object=KEY;id=%01?module-path=/usr/lib/driver.so`. What is not
/// given is not asked for; what is given has to fit exactly. `module-path` is needed.
///
/// ```
/// use kyso_pkcs11::Uri;
///
/// let uri: Uri = "pkcs11:token=VGCA;id=%01%02?module-path=/usr/lib/driver.so".parse().unwrap();
/// assert_eq!(uri.id(), Some(&[1, 2][..]));
/// // A PIN in a URI would stand in the list of processes.
/// let refused = "pkcs11:?module-path=/x&pin-value=1234".parse::<Uri>();
/// assert_eq!(refused.unwrap_err().code(), "misuse");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    module: PathBuf,
    token: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    serial: Option<String>,
    slot: Option<u64>,
    object: Option<String>,
    id: Option<Vec<u8>>,
}

impl Uri {
    /// The driver: `module-path`.
    pub fn module(&self) -> &Path {
        &self.module
    }

    /// The label of the key: `object`.
    pub fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// The identifier of the key (`CKA_ID`): `id`.
    pub fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// The URI of a token that this driver sees, by label and serial number; no key is named.
    pub fn of(module: &Path, slot: &crate::Slot) -> Self {
        Self {
            module: module.to_owned(),
            token: Some(slot.label.clone()),
            manufacturer: None,
            model: None,
            serial: Some(slot.serial.clone()),
            slot: None,
            object: None,
            id: None,
        }
    }

    /// Whether a token is the one meant.
    pub(crate) fn names(&self, found: &crate::driver::Slot) -> bool {
        let fits = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        fits(&self.token, &found.label)
            && fits(&self.manufacturer, &found.manufacturer)
            && fits(&self.model, &found.model)
            && fits(&self.serial, &found.serial)
            && self.slot.is_none_or(|wanted| wanted == found.number)
    }
}

impl FromStr for Uri {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let rest = text
            .strip_prefix("pkcs11:")
            .ok_or_else(|| misuse("a key on a token is named by a URI that begins with pkcs11:"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self {
            module: PathBuf::new(),
            token: None,
            manufacturer: None,
            model: None,
            serial: None,
            slot: None,
            object: None,
            id: None,
        };
        for (name, value) in attributes(path, ';')? {
            let text = || String::from_utf8(value.clone()).map_err(|_| bad(&name));
            match name.as_str() {
                "token" => set(&mut uri.token, &name, text()?)?,
                "manufacturer" => set(&mut uri.manufacturer, &name, text()?)?,
                "model" => set(&mut uri.model, &name, text()?)?,
                "serial" => set(&mut uri.serial, &name, text()?)?,
                "object" => set(&mut uri.object, &name, text()?)?,
                "id" => set(&mut uri.id, &name, value)?,
                "slot-id" => {
                    let number = text()?.parse().map_err(|_| bad(&name))?;
                    set(&mut uri.slot, &name, number)?;
                }
                // A key is looked for whatever the type says (§2.3), and a private one at that.
                "type"
                | "library-manufacturer"
                | "library-description"
                | "library-version"
                | "slot-manufacturer"
                | "slot-description" => {}
                _ if name.starts_with("x-") => {}
                _ => return Err(bad(&name)),
            }
        }
        for (name, value) in attributes(query, '&')? {
            match name.as_str() {
                "module-path" => {
                    let path = String::from_utf8(value).map_err(|_| bad(&name))?;
                    uri.module = PathBuf::from(path);
                }
                "pin-value" | "pin-source" => {
                    return Err(misuse(
                        "no PIN in the URI: use --password-file, --password-env, or the prompt",
                    )
                    .in_vietnamese(
                        "không ghi mã PIN trong URI: hãy dùng --password-file, --password-env, hoặc nhập khi được hỏi",
                    ));
                }
                "module-name" => {
                    return Err(misuse(
                        "module-name depends on the machine: give module-path, the driver's file",
                    ));
                }
                _ => {}
            }
        }
        if uri.module.as_os_str().is_empty() {
            return Err(misuse(
                "the URI names no driver: add ?module-path=FILE with the driver of the token's maker",
            )
            .in_vietnamese(
                "URI chưa nêu trình điều khiển: thêm ?module-path=TỆP của hãng làm token",
            ));
        }
        Ok(uri)
    }
}

/// What would be shown: without anything secret, since there is nothing secret in it.
impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pkcs11:")?;
        let slot = self.slot.map(|slot| slot.to_string());
        let id = self.id.as_deref().map(|id| encoded(id, true));
        let plain = |text: &Option<String>| text.as_ref().map(|t| encoded(t.as_bytes(), false));
        let mut first = true;
        for (name, value) in [
            ("token", plain(&self.token)),
            ("manufacturer", plain(&self.manufacturer)),
            ("model", plain(&self.model)),
            ("serial", plain(&self.serial)),
            ("slot-id", slot),
            ("object", plain(&self.object)),
            ("id", id),
        ] {
            if let Some(value) = value {
                write!(f, "{}{name}={value}", if first { "" } else { ";" })?;
                first = false;
            }
        }
        let module = self.module.to_string_lossy();
        write!(f, "?module-path={}", encoded(module.as_bytes(), false))
    }
}

fn attributes(text: &str, between: char) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let parts = text.split(between).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').ok_or_else(|| bad(part))?;
            Ok((name.to_owned(), decoded(value).ok_or_else(|| bad(name))?))
        })
        .collect()
}

fn set<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), Error> {
    match place.replace(value) {
        None => Ok(()),
        // §2.3: an attribute stands at most once.
        Some(_) => Err(bad(name)),
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut octets = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(octet) = octets.next() {
        if octet != b'%' {
            out.push(octet);
            continue;
        }
        let mut digit = || char::from(octets.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(high << 4 | low).ok()?);
    }
    Some(out)
}

fn encoded(octets: &[u8], all: bool) -> String {
    let mut out = String::new();
    for octet in octets {
        let plain = octet.is_ascii_alphanumeric() || b"-._~/".contains(octet);
        match plain && !all {
            true => out.push(char::from(*octet)),
            false => out.push_str(&format!("%{octet:02X}")),
        }
    }
    out
}

fn bad(name: &str) -> Error {
    misuse(format!("the URI of the key: {name}"))
}

fn misuse(detail: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Misuse, detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_read_decoded_and_written_again() {
        let text = "pkcs11:token=VGCA%20G2;serial=0123;object=K%C3%BD%3Bs%E1%BB%91;id=%01%FF\
                    ?module-path=/usr/lib/a%20b.so";
        let uri: Uri = text.parse().unwrap();
        assert_eq!(uri.object(), Some("Ký;số"));
        assert_eq!(uri.id(), Some(&[1, 255][..]));
        assert_eq!(uri.module(), Path::new("/usr/lib/a b.so"));
        assert_eq!(uri.to_string(), text);
        assert_eq!(uri.to_string().parse::<Uri>().unwrap(), uri);
    }

    #[test]
    fn what_is_no_uri_of_a_key_is_misuse() {
        for text in [
            "",
            "pkcs11",
            "pkcs11:",
            "pkcs11:token=a",
            "pkcs11:token=a;token=b?module-path=/x",
            "pkcs11:id=%0?module-path=/x",
            "pkcs11:token?module-path=/x",
            "pkcs11:unknown=1?module-path=/x",
            "pkcs11:slot-id=x?module-path=/x",
            "pkcs11:object=%ff?module-path=/x",
            "pkcs11:?module-path=/x&pin-value=1",
            "pkcs11:?module-path=/x&pin-source=file:/y",
            "pkcs11:?module-name=x",
        ] {
            let refused = text.parse::<Uri>().unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Misuse, "{text}");
        }
    }
}
