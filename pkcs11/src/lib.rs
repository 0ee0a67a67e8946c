//! Keys on tokens, smart cards and HSMs, by PKCS#11 (OASIS v2.40): [`Token`].
//!
//! The driver of the token's maker is loaded as a library, the key is found by a URI
//! (RFC 7512, [`Uri`]), and the signature is made inside the token.
//!
//! - A PIN is asked for once for each unlocking, by the caller's own function, which is told how
//!   many tries the token admits to have left. It is never tried twice, never kept, never taken
//!   from the URI: a few wrong tries lock a card for good.
//! - A key that asks for the PIN before each signature (`CKA_ALWAYS_AUTHENTICATE`) gets it that way.
//! - A driver made for another word size is said to be one.
//!
//! ```no_run
//! use kyso_pkcs11::{PinRequest, Token, Uri};
//!
//! # fn demo(input: &[u8], now: kyso::Time) -> Result<(), kyso::Error> {
//! let uri: Uri = "pkcs11:token=VGCA;object=K%C3%BD?module-path=/usr/lib/driver.so".parse()?;
//! let token = Token::open(&uri, |request: &PinRequest| {
//!     println!("{}: {:?}", request.token, request.tries);
//!     Ok("123456".to_owned())
//! })?;
//! let signed = kyso::sign::pdf(input, now).sign(&token)?;
//! # let _ = signed; Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod driver;
mod fault;
mod mechanism;
mod token;
mod uri;

pub use driver::{Slot, slots};
pub use token::{PinPurpose, PinRequest, Token, Tries};
pub use uri::Uri;
