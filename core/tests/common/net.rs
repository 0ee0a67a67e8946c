//! The network of a throw-away authority, in this process: lists, OCSP and time-stamps, by address.
//! It counts what is asked, and can be told to fail.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use kyso::fetch::{Fetch, FetchError, Request, Wanted};
use kyso::verdict::FetchFault;
use kyso_sandbox::{
    Authority, CrlRecipe, Issued, OcspRecipe, OcspRequest, OcspStatus, TimeStampRecipe,
    TimeStampRequest, time_stamp_granted,
};

const DAY: i64 = 86_400;

/// What is done to a good token before it is signed.
pub(crate) type Change = Arc<dyn Fn(&mut TimeStampRecipe) + Send + Sync>;
/// What an address answers before anything else is tried.
pub(crate) type Rule = Arc<dyn Fn(&Request) -> Option<Result<Vec<u8>, FetchFault>> + Send + Sync>;

/// The servers of an authority. Clones share what was asked.
#[derive(Clone)]
pub(crate) struct Net {
    root: Issued,
    issuing: Issued,
    stamper: Issued,
    /// Whose status the responder knows.
    holders: Vec<Issued>,
    pub(crate) now: i64,
    pub(crate) change: Change,
    pub(crate) rule: Rule,
    asked: Arc<Mutex<Vec<String>>>,
    paused: Arc<Mutex<Vec<u32>>>,
}

impl Net {
    pub(crate) fn new(authority: &Authority, holders: &[&Issued], now: i64) -> Self {
        Self {
            root: authority.root.clone(),
            issuing: authority.issuing.clone(),
            stamper: authority.time_stamper().unwrap(),
            holders: holders.iter().map(|holder| (*holder).clone()).collect(),
            now,
            change: Arc::new(|_| ()),
            rule: Arc::new(|_| None),
            asked: Arc::default(),
            paused: Arc::default(),
        }
    }

    pub(crate) fn changing(
        mut self,
        change: impl Fn(&mut TimeStampRecipe) + Send + Sync + 'static,
    ) -> Self {
        self.change = Arc::new(change);
        self
    }

    pub(crate) fn ruled(
        mut self,
        rule: impl Fn(&Request) -> Option<Result<Vec<u8>, FetchFault>> + Send + Sync + 'static,
    ) -> Self {
        self.rule = Arc::new(rule);
        self
    }

    pub(crate) fn stamped_by(mut self, stamper: Issued) -> Self {
        self.stamper = stamper;
        self
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn paused(&self) -> Vec<u32> {
        self.paused.lock().unwrap().clone()
    }

    /// The answer of the time-stamping service.
    pub(crate) fn stamp(&self, question: &[u8]) -> Vec<u8> {
        let request = match TimeStampRequest::read(question) {
            Ok(request) => request,
            Err(refusal) => return refusal.to_der("no"),
        };
        let mut recipe = TimeStampRecipe::answering(&request, self.now);
        recipe.certificates = vec![self.root.certificate_der.clone()];
        (self.change)(&mut recipe);
        time_stamp_granted(&recipe.signed_by(&self.stamper).unwrap())
    }

    fn list(&self, issuer: &Issued) -> Vec<u8> {
        let mut list = CrlRecipe::new(self.now, self.now + 7 * DAY);
        list.number = Some(1);
        list.signed_by(issuer).unwrap()
    }

    fn status(&self, question: &[u8]) -> Result<Vec<u8>, FetchFault> {
        let request = OcspRequest::read(question).expect("a question");
        let unknown = FetchFault::Declined { status: 6 };
        for holder in &self.holders {
            let (from, to) = (self.now, self.now + DAY);
            let good = OcspStatus::Good;
            let mut answer = OcspRecipe::about(holder, &self.issuing, good, from, to).unwrap();
            if request.ids.first().map(|id| id.serial())
                == answer.singles.first().map(|s| s.id.serial())
            {
                answer.nonce = request.nonce;
                return Ok(answer.signed_by(&self.issuing).unwrap());
            }
        }
        Err(unknown)
    }
}

impl Fetch for Net {
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError> {
        let address = request.address.to_string();
        self.asked.lock().unwrap().push(address.clone());
        let body = request.body.as_deref();
        let answer = match (self.rule)(request) {
            Some(answer) => answer,
            None => match (request.wanted, body) {
                (Wanted::TimeStamp, Some(body)) => Ok(self.stamp(body)),
                (Wanted::Ocsp, Some(body)) => self.status(body),
                _ if address.ends_with("/root.crl") => Ok(self.list(&self.root)),
                _ if address.ends_with("/issuing.crl") => Ok(self.list(&self.issuing)),
                _ if address.ends_with("/issuing.crt") => Ok(self.issuing.certificate_der.clone()),
                _ => Err(FetchFault::Status { status: 404 }),
            },
        };
        answer.map_err(|fault| FetchError::new(&request.address, fault))
    }

    fn pause(&self, attempt: u32) {
        self.paused.lock().unwrap().push(attempt);
    }
}
