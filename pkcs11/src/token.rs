//! A key on a token: [`Token`].

use std::fmt;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error as Answer, RvError};
use cryptoki::mechanism::MechanismType;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use kyso::crypto::{DigestAlgorithm, KeyKind, SignatureAlgorithm, ecdsa_from_fixed};
use kyso::sign::ToBeSigned;
use kyso::{Certificate, Error, ErrorKind, Signer};

use crate::driver::{self, load};
use crate::uri::Uri;
use crate::{fault, mechanism};

/// What the token admits about its PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tries {
    /// No wrong try since the last right one, as far as the token says.
    NotLow,
    /// There was a wrong try.
    Low,
    /// The next wrong try locks the token.
    Last,
}

/// What a PIN is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PinPurpose {
    /// To unlock the token.
    Unlock,
    /// For one signature: the key wants it every time (`CKA_ALWAYS_AUTHENTICATE`).
    EachSignature,
}

/// What whoever knows the PIN is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PinRequest {
    /// The label of the token.
    pub token: String,
    /// Its serial number.
    pub serial: String,
    /// What is known about tries.
    pub tries: Tries,
    /// What it is for.
    pub purpose: PinPurpose,
}

type Ask = Box<dyn Fn(&PinRequest) -> Result<String, Error> + Send + Sync>;

/// A private key on a token, unlocked, with its certificates. It signs any number of documents
/// with one unlocking, from one thread at a time.
pub struct Token {
    driver: Pkcs11,
    slot: Slot,
    label: String,
    serial: String,
    session: Mutex<Session>,
    key: ObjectHandle,
    asks_always: bool,
    offered: Vec<MechanismType>,
    certificates: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
    ask: Ask,
}

impl Token {
    /// Finds the token and the key that the URI names, and unlocks it.
    ///
    /// `ask` is called once, unless the token has a keypad of its own or needs no PIN; an error
    /// that it returns is returned. The certificate is the one with the key's own identifier on
    /// the token; others on the token that issued it are embedded with it.
    ///
    /// # Errors
    ///
    /// `SignerFailed` where the driver cannot be loaded or the token is not there; `KeyPassword`
    /// for a PIN that is refused or locked, with what the token says about further tries; nothing
    /// is tried twice. `Misuse` where several tokens or keys fit, with their names;
    /// `KeyMismatch` where the key has no certificate on the token.
    pub fn open(
        uri: &Uri,
        ask: impl Fn(&PinRequest) -> Result<String, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Self::open_with(uri, &[], ask)
    }

    /// As [`open`](Self::open), for a key whose certificate is not on the token, or cannot be read
    /// there: one of `given` has to belong to the key. All of them can be embedded.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(
        uri: &Uri,
        given: &[Certificate],
        ask: impl Fn(&PinRequest) -> Result<String, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let driver = load(uri.module())?;
        let (slot, found) = one_token(&driver, uri)?;
        let session = driver
            .open_ro_session(slot)
            .map_err(|answer| fault::of(answer, "opening a session"))?;
        let offered = driver
            .get_mechanism_list(slot)
            .map_err(|answer| fault::of(answer, "asking for mechanisms"))?;
        let ask: Ask = Box::new(ask);
        unlock(&driver, slot, &session, &found, &ask)?;
        let key = one_key(&session, uri)?;
        let certificates = certificates(&session, &key, given)?;
        let own = certificates.first().ok_or_else(no_certificate)?;
        let algorithm = usual(own.public_key().kind())?;
        Ok(Self {
            driver,
            slot,
            label: found.label,
            serial: found.serial,
            session: Mutex::new(session),
            key: key.handle,
            asks_always: key.asks_always,
            offered,
            certificates,
            algorithm,
            ask,
        })
    }

    /// The same key with another algorithm.
    ///
    /// # Errors
    ///
    /// `KeyUnusable` for one that the token does not offer, `Misuse` for one that does not fit the
    /// key.
    pub fn with_algorithm(mut self, algorithm: SignatureAlgorithm) -> Result<Self, Error> {
        let kind = self.certificates.first().map(|own| own.public_key().kind());
        let fits = match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss { .. } => {
                kind == Some(KeyKind::Rsa)
            }
            SignatureAlgorithm::Ecdsa(_) => {
                matches!(kind, Some(KeyKind::P256 | KeyKind::P384 | KeyKind::P521))
            }
            _ => false,
        };
        if !fits {
            return Err(Error::new(
                ErrorKind::Misuse,
                "the key cannot sign with this algorithm",
            ));
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    /// The same key with further certificates of its chain to embed.
    #[must_use]
    pub fn with_chain(mut self, chain: impl IntoIterator<Item = Certificate>) -> Self {
        for certificate in chain {
            if !self.certificates.contains(&certificate) {
                self.certificates.push(certificate);
            }
        }
        self
    }

    /// The label of the token.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Hands the PIN over between C_SignInit and the signature (PKCS#11 §5.6, context-specific).
    fn authenticate(&self, session: &Session) -> Result<(), Error> {
        let info = self
            .driver
            .get_token_info(self.slot)
            .map_err(|answer| fault::of(answer, "asking about the token"))?;
        let request = PinRequest {
            token: self.label.clone(),
            serial: self.serial.clone(),
            tries: tries(&info),
            purpose: PinPurpose::EachSignature,
        };
        let pin = match info.protected_authentication_path() {
            true => None,
            false => Some(AuthPin::new((self.ask)(&request)?.into())),
        };
        session
            .login(UserType::ContextSpecific, pin.as_ref())
            .map_err(|answer| pin_refused(answer, &self.driver, self.slot))
    }
}

impl Signer for Token {
    fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, data: &ToBeSigned<'_>) -> Result<Vec<u8>, Error> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = mechanism::asked(self.algorithm, data, &self.offered)?;
        let failed = |answer| fault::of(answer, "signing");
        let value = if !self.asks_always {
            session
                .sign(&asked.mechanism, self.key, &asked.data)
                .map_err(failed)?
        } else if asked.hashes {
            session
                .sign_init(&asked.mechanism, self.key)
                .map_err(failed)?;
            self.authenticate(&session)?;
            session.sign_update(&asked.data).map_err(failed)?;
            session.sign_final().map_err(failed)?
        } else {
            // The single-part call of a bare mechanism cannot be parted from its start with the
            // library below, so that there is no moment for the PIN.
            return Err(Error::new(
                ErrorKind::KeyUnusable,
                "the key wants its PIN for each signature, and the token has no mechanism that hashes",
            ));
        };
        let kind = self.certificates.first().map(|own| own.public_key().kind());
        match (self.algorithm, kind) {
            // A token answers r and s side by side; CMS holds them in DER.
            (SignatureAlgorithm::Ecdsa(_), Some(kind)) => ecdsa_from_fixed(kind, &value)
                .ok_or_else(|| {
                    Error::new(ErrorKind::SignerFailed, "the token answered no ECDSA value")
                }),
            _ => Ok(value),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .field("serial", &self.serial)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

fn one_token(driver: &Pkcs11, uri: &Uri) -> Result<(Slot, driver::Slot), Error> {
    let seen = driver::seen(driver)?;
    let names = |slots: &[(Slot, driver::Slot)]| {
        let names = slots
            .iter()
            .map(|(_, slot)| format!("token={};serial={}", slot.label, slot.serial));
        names.collect::<Vec<_>>().join(", ")
    };
    let all = names(&seen);
    let mut fitting: Vec<_> = seen.into_iter().filter(|(_, s)| uri.names(s)).collect();
    match fitting.len() {
        1 => Ok(fitting.swap_remove(0)),
        0 if all.is_empty() => Err(
            Error::new(ErrorKind::SignerFailed, "no token is plugged in")
                .in_vietnamese("chưa cắm token nào"),
        ),
        0 => Err(Error::new(
            ErrorKind::SignerFailed,
            format!("no token fits the URI; there are: {all}"),
        )
        .in_vietnamese(format!("không token nào khớp với URI; hiện có: {all}"))),
        _ => {
            let names = names(&fitting);
            Err(Error::new(
                ErrorKind::Misuse,
                format!("several tokens fit the URI: {names}"),
            )
            .in_vietnamese(format!("nhiều token khớp với URI: {names}")))
        }
    }
}

fn unlock(
    driver: &Pkcs11,
    slot: Slot,
    session: &Session,
    found: &driver::Slot,
    ask: &Ask,
) -> Result<(), Error> {
    let info = driver
        .get_token_info(slot)
        .map_err(|answer| fault::of(answer, "asking about the token"))?;
    if !info.login_required() {
        return Ok(());
    }
    if info.user_pin_locked() {
        return Err(locked());
    }
    // Another session of this process may have unlocked it.
    let is_open = session.get_session_info().is_ok_and(|info| {
        matches!(
            info.session_state(),
            cryptoki::session::SessionState::RoUser | cryptoki::session::SessionState::RwUser
        )
    });
    if is_open {
        return Ok(());
    }
    let request = PinRequest {
        token: found.label.clone(),
        serial: found.serial.clone(),
        tries: tries(&info),
        purpose: PinPurpose::Unlock,
    };
    let pin = match info.protected_authentication_path() {
        true => None,
        false => Some(AuthPin::new(ask(&request)?.into())),
    };
    match session.login(UserType::User, pin.as_ref()) {
        Ok(()) | Err(Answer::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(answer) => Err(pin_refused(answer, driver, slot)),
    }
}

fn tries(info: &cryptoki::slot::TokenInfo) -> Tries {
    if info.user_pin_final_try() {
        Tries::Last
    } else if info.user_pin_count_low() {
        Tries::Low
    } else {
        Tries::NotLow
    }
}

/// A refused PIN, with what the token says now. It is not tried again.
fn pin_refused(answer: Answer, driver: &Pkcs11, slot: Slot) -> Error {
    let is_about_pin = matches!(
        answer,
        Answer::Pkcs11(
            RvError::PinIncorrect
                | RvError::PinInvalid
                | RvError::PinLenRange
                | RvError::PinExpired
                | RvError::PinLocked,
            _
        )
    );
    if !is_about_pin {
        return fault::of(answer, "unlocking");
    }
    let info = driver.get_token_info(slot).ok();
    let is_locked = matches!(answer, Answer::Pkcs11(RvError::PinLocked, _))
        || info.as_ref().is_some_and(|info| info.user_pin_locked());
    if is_locked {
        return locked().caused_by(answer);
    }
    let (en, vi) = match info.as_ref().map(tries) {
        Some(Tries::Last) => (
            "the PIN is wrong, and the next wrong one locks the token",
            "mã PIN sai, và lần sai tiếp theo sẽ khóa token",
        ),
        Some(Tries::Low) => (
            "the PIN is wrong; few tries are left before the token is locked",
            "mã PIN sai; còn ít lần thử trước khi token bị khóa",
        ),
        _ => ("the PIN is wrong", "mã PIN sai"),
    };
    Error::new(ErrorKind::KeyPassword, en)
        .in_vietnamese(vi)
        .caused_by(answer)
}

fn locked() -> Error {
    Error::new(
        ErrorKind::KeyPassword,
        "the PIN is locked; the issuer of the token has to unlock it",
    )
    .in_vietnamese("mã PIN đã bị khóa; cần đơn vị cấp token mở khóa")
}

/// The key, before its certificate is known.
struct Key {
    handle: ObjectHandle,
    id: Vec<u8>,
    asks_always: bool,
}

fn one_key(session: &Session, uri: &Uri) -> Result<Key, Error> {
    let failed = |answer| fault::of(answer, "looking for the key");
    let mut wanted = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
    if let Some(label) = uri.object() {
        wanted.push(Attribute::Label(label.as_bytes().to_vec()));
    }
    if let Some(id) = uri.id() {
        wanted.push(Attribute::Id(id.to_vec()));
    }
    let handles = session.find_objects(&wanted).map_err(failed)?;
    let mut keys = Vec::new();
    let mut names = Vec::new();
    for handle in handles {
        let asked = [
            AttributeType::Id,
            AttributeType::Label,
            AttributeType::Sign,
            AttributeType::AlwaysAuthenticate,
        ];
        let mut key = Key {
            handle,
            id: Vec::new(),
            asks_always: false,
        };
        let mut label = String::new();
        let mut signs = true;
        for attribute in session.get_attributes(handle, &asked).map_err(failed)? {
            match attribute {
                Attribute::Id(id) => key.id = id,
                Attribute::Label(text) => label = String::from_utf8_lossy(&text).into_owned(),
                Attribute::Sign(may) => signs = may,
                Attribute::AlwaysAuthenticate(always) => key.asks_always = always,
                _ => {}
            }
        }
        if signs {
            let id: String = key.id.iter().map(|octet| format!("%{octet:02X}")).collect();
            names.push(format!("object={label};id={id}"));
            keys.push(key);
        }
    }
    match keys.len() {
        1 => Ok(keys.swap_remove(0)),
        0 => Err(Error::new(
            ErrorKind::KeyMismatch,
            "the token holds no key that fits the URI and may sign",
        )
        .in_vietnamese("token không có khóa nào khớp với URI và được phép ký")),
        _ => {
            let names = names.join(", ");
            Err(Error::new(
                ErrorKind::Misuse,
                format!("several keys fit the URI: {names}"),
            )
            .in_vietnamese(format!("nhiều khóa khớp với URI: {names}")))
        }
    }
}

/// The key's own certificate first, then those that issued it, as far as they are at hand.
fn certificates(
    session: &Session,
    key: &Key,
    given: &[Certificate],
) -> Result<Vec<Certificate>, Error> {
    let failed = |answer| fault::of(answer, "reading certificates");
    let wanted = [Attribute::Class(ObjectClass::CERTIFICATE)];
    let mut own = None;
    let mut others = Vec::new();
    for handle in session.find_objects(&wanted).map_err(failed)? {
        let asked = [AttributeType::Id, AttributeType::Value];
        let (mut id, mut der) = (Vec::new(), Vec::new());
        // Some cards hold certificates that the driver lists and cannot read.
        let Ok(attributes) = session.get_attributes(handle, &asked) else {
            continue;
        };
        for attribute in attributes {
            match attribute {
                Attribute::Id(octets) => id = octets,
                Attribute::Value(octets) => der = octets,
                _ => {}
            }
        }
        let Ok(certificate) = Certificate::from_der(&der) else {
            continue;
        };
        let is_own = id == key.id && certificate.is_ca() != Some(true);
        match own.is_none() && is_own {
            true => own = Some(certificate),
            false => others.push(certificate),
        }
    }
    let modulus = public_octets(session, key);
    let belongs = |certificate: &&Certificate| {
        modulus
            .as_ref()
            .is_some_and(|octets| holds(certificate.der(), octets))
    };
    if own.is_none() {
        own = given.iter().find(belongs).cloned();
    }
    let own = own.ok_or_else(no_certificate)?;
    let mut chain = vec![own];
    let mut pool: Vec<Certificate> = given.to_vec();
    pool.extend(others);
    while let Some(last) = chain.last() {
        let issuer = pool.iter().find(|candidate| {
            candidate.subject() == last.issuer()
                && candidate.is_ca() == Some(true)
                && !chain.contains(candidate)
        });
        match issuer.cloned() {
            Some(issuer) => chain.push(issuer),
            None => break,
        }
    }
    Ok(chain)
}

/// The number that the public key is made of: the modulus of RSA, else the point of the public key
/// object with the same identifier.
fn public_octets(session: &Session, key: &Key) -> Option<Vec<u8>> {
    let modulus = session.get_attributes(key.handle, &[AttributeType::Modulus]);
    if let Ok(attributes) = modulus
        && let Some(Attribute::Modulus(octets)) = attributes.into_iter().next()
        && !octets.is_empty()
    {
        return Some(octets);
    }
    let wanted = [
        Attribute::Class(ObjectClass::PUBLIC_KEY),
        Attribute::Id(key.id.clone()),
    ];
    let handle = *session.find_objects(&wanted).ok()?.first()?;
    let attributes = session
        .get_attributes(handle, &[AttributeType::EcPoint])
        .ok()?;
    match attributes.into_iter().next()? {
        // CKA_EC_POINT is the point inside an OCTET STRING.
        Attribute::EcPoint(octets) => octets.get(2..).map(<[u8]>::to_vec),
        _ => None,
    }
}

fn holds(der: &[u8], octets: &[u8]) -> bool {
    octets.len() >= SHORTEST_KEY && der.windows(octets.len()).any(|window| window == octets)
}

fn no_certificate() -> Error {
    Error::new(
        ErrorKind::KeyMismatch,
        "no certificate of this key is on the token: give it by --cert",
    )
    .in_vietnamese("trên token không có chứng thư của khóa này: hãy đưa bằng --cert")
}

fn usual(kind: KeyKind) -> Result<SignatureAlgorithm, Error> {
    Ok(match kind {
        KeyKind::Rsa => SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
        KeyKind::P256 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
        KeyKind::P384 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
        KeyKind::P521 => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512),
        _ => {
            return Err(Error::new(
                ErrorKind::KeyUnusable,
                "no algorithm is offered for this kind of key on a token",
            ));
        }
    })
}

/// Numbers shorter than this are no key and could stand anywhere in a certificate.
const SHORTEST_KEY: usize = 32;
