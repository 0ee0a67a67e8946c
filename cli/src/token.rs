//! `kyso token`, and `--pkcs11`: keys on tokens and smart cards.

use std::path::Path;

use kyso::report::json_line;
use kyso::{Error, ErrorKind, message::visible};
use kyso_pkcs11::{PinPurpose, PinRequest, Token, Tries, Uri, slots};
use serde_json::json;

use crate::args::{self, Format, Key};
use crate::failure::{Failure, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{note, print};
use crate::secret;

/// Does what the verb says.
pub(crate) fn run(verb: &args::Token, lang: Lang) -> Result<u8, Failure> {
    match verb {
        args::Token::List { module, format } => list(module, *format, lang),
    }
}

fn list(module: &Path, format: Format, lang: Lang) -> Result<u8, Failure> {
    let found = slots(module).map_err(|error| Failure::about(module, error))?;
    if found.is_empty() && format == Format::Text {
        note(pick(lang, "chưa cắm token nào", "no token is plugged in"));
    }
    for slot in found {
        let uri = Uri::of(module, &slot).to_string();
        print(&match format {
            Format::Json => json_line(&json!({
                "slot": slot.number,
                "label": slot.label,
                "manufacturer": slot.manufacturer,
                "model": slot.model,
                "serial": slot.serial,
                "uri": uri,
            })),
            Format::Text => format!(
                "{}  {} {}  {}\n  {uri}",
                visible(&slot.label),
                visible(&slot.manufacturer),
                visible(&slot.model),
                visible(&slot.serial)
            ),
        })?;
    }
    Ok(status::DONE)
}

/// The key that the URI names, unlocked.
pub(crate) fn open(uri: &str, key: &Key, lang: Lang) -> Result<Token, Failure> {
    let uri: Uri = uri.parse()?;
    let named = secret::named(&key.secret)?;
    let mut given = Vec::new();
    for path in &key.cert {
        given.extend(input::some_certificates(path)?);
    }
    let ask = move |request: &PinRequest| match &named {
        Some(pin) => Ok(pin.clone()),
        None => pin(request, lang),
    };
    Ok(Token::open_with(&uri, &given, ask)?)
}

/// Asks a person, who is told what is at stake.
fn pin(request: &PinRequest, lang: Lang) -> Result<String, Error> {
    if !secret::can_ask() {
        return Err(Error::new(
            ErrorKind::KeyPassword,
            "a PIN is needed; use --password-file FILE or --password-env NAME",
        )
        .in_vietnamese("cần mã PIN; hãy dùng --password-file TỆP hoặc --password-env TÊN"));
    }
    let warning = match request.tries {
        Tries::Last => pick(
            lang,
            " [lần cuối: nhập sai sẽ khóa token]",
            " [last try: a wrong one locks the token]",
        ),
        Tries::Low => pick(
            lang,
            " [đã có lần nhập sai, còn ít lần thử]",
            " [there were wrong tries, few are left]",
        ),
        _ => "",
    };
    let purpose = match request.purpose {
        PinPurpose::EachSignature => pick(lang, " cho lần ký này", " for this signature"),
        _ => "",
    };
    let token = visible(&request.token);
    let prompt = pick(
        lang,
        format!("Mã PIN của token {token}{purpose}{warning}: "),
        format!("PIN of the token {token}{purpose}{warning}: "),
    );
    secret::hidden(&prompt).map_err(|error| {
        Error::new(ErrorKind::KeyPassword, "no PIN could be read").caused_by(error)
    })
}
