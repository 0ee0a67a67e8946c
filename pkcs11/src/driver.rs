//! Drivers and the tokens that they see.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Answer, RvError};
use kyso::Error;

use crate::fault;

/// A token that a driver sees.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slot {
    /// The number of the slot, which may change whenever something is plugged in.
    pub number: u64,
    /// The label of the token.
    pub label: String,
    /// Its maker.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
}

/// The tokens that a driver sees now.
///
/// # Errors
///
/// `SignerFailed` where the driver cannot be loaded or does not answer.
pub fn slots(module: &Path) -> Result<Vec<Slot>, Error> {
    let driver = load(module)?;
    Ok(seen(&driver)?.into_iter().map(|(_, slot)| slot).collect())
}

pub(crate) fn seen(driver: &Pkcs11) -> Result<Vec<(cryptoki::slot::Slot, Slot)>, Error> {
    let slots = driver
        .get_slots_with_initialized_token()
        .map_err(|answer| fault::of(answer, "listing tokens"))?;
    let mut found = Vec::with_capacity(slots.len());
    for slot in slots {
        // One that was just pulled out is not there any more; the others still are.
        let Ok(info) = driver.get_token_info(slot) else {
            continue;
        };
        found.push((
            slot,
            Slot {
                number: slot.id(),
                label: info.label().to_owned(),
                manufacturer: info.manufacturer_id().to_owned(),
                model: info.model().to_owned(),
                serial: info.serial_number().to_owned(),
            },
        ));
    }
    Ok(found)
}

/// Loads a driver once for the whole process: it counts its own initialisation, and finalising it
/// would log out everyone else.
pub(crate) fn load(module: &Path) -> Result<Pkcs11, Error> {
    static LOADED: OnceLock<Mutex<HashMap<PathBuf, Pkcs11>>> = OnceLock::new();
    let loaded = LOADED.get_or_init(Mutex::default);
    let mut loaded = loaded.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(driver) = loaded.get(module) {
        return Ok(driver.clone());
    }
    let file = module.display().to_string();
    let driver = Pkcs11::new(module).map_err(|answer| fault::of_loading(answer, &file))?;
    match driver.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Answer::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(answer) => return Err(fault::of(answer, "starting the driver")),
    }
    loaded.insert(module.to_owned(), driver.clone());
    Ok(driver)
}
