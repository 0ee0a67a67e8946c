//! [`Recorded`]: answers given beforehand, for tests and for runs that are to be the same again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::fetch::{Fetch, FetchError, Request};
use crate::verdict::FetchFault;

/// Answers from memory, by address, and notes what was asked. Where nothing is recorded it answers as
/// a server does that has no such page.
///
/// ```
/// use kyso::fetch::{Address, Fetch, Recorded, Request, Wanted};
///
/// let recorded = Recorded::new().answer("http://ca.example/a.crl", b"octets".to_vec());
/// let address = Address::parse("http://ca.example/a.crl").unwrap();
/// let request = Request::new(address, Wanted::Crl, None, 1_000);
/// assert_eq!(recorded.fetch(&request)?, b"octets");
/// assert_eq!(recorded.asked(), ["http://ca.example/a.crl"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Recorded {
    answers: HashMap<String, Result<Vec<u8>, FetchFault>>,
    asked: Mutex<Vec<String>>,
}

impl Recorded {
    /// No address answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// What an address answers with.
    #[must_use]
    pub fn answer(mut self, address: impl Into<String>, octets: Vec<u8>) -> Self {
        self.answers.insert(address.into(), Ok(octets));
        self
    }

    /// What stands in the way at an address.
    #[must_use]
    pub fn fail(mut self, address: impl Into<String>, fault: FetchFault) -> Self {
        self.answers.insert(address.into(), Err(fault));
        self
    }

    /// The addresses that were asked, in order.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

impl Fetch for Recorded {
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError> {
        let address = request.address.to_string();
        let answer = self.answers.get(&address).cloned();
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(address);
        let unknown = || Err(FetchFault::Status { status: 404 });
        let refuse = |fault| FetchError::new(&request.address, fault);
        let octets = answer.unwrap_or_else(unknown).map_err(refuse)?;
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        if length > request.limit {
            let limit = request.limit;
            return Err(refuse(FetchFault::TooLarge { limit }));
        }
        Ok(octets)
    }
}

impl<F: Fetch + ?Sized> Fetch for std::sync::Arc<F> {
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError> {
        (**self).fetch(request)
    }

    fn pause(&self, attempt: u32) {
        (**self).pause(attempt);
    }
}
