//! Whom a verifier may ask over the network, set by words.

use kyso::{Error, Verifier};
use kyso_fetch::{DiskCache, MemoryCache, Rules};

use crate::border::misuse;

/// What was set so far.
#[derive(Clone, Default)]
pub(crate) struct Network {
    online: Online,
    allowed: Vec<String>,
    proxy: Option<String>,
    has_cache: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Online {
    #[default]
    No,
    Yes,
    Loopback,
}

impl Network {
    /// Sets one of the options of the network; `None` where it is none of them. What cannot be set
    /// leaves everything as it was.
    pub(crate) fn set(
        &mut self,
        option: &str,
        value: &str,
        verifier: &Verifier,
    ) -> Option<Result<Verifier, Error>> {
        let mut changed = self.clone();
        let verifier = verifier.clone();
        let set = match option {
            "online" => changed.online(value).and_then(|()| changed.apply(verifier)),
            "online-allow" => {
                changed.allowed.push(value.to_owned());
                changed.apply(verifier)
            }
            "proxy" => {
                changed.proxy = Some(value.to_owned());
                changed.apply(verifier)
            }
            "online-issuers" => verifier.issuers_from([value]),
            "cache" => DiskCache::open(value)
                .map(|cache| {
                    changed.has_cache = true;
                    verifier.cache(cache)
                })
                .map_err(|error| crate::file::unwritable(value, error)),
            _ => return None,
        };
        if set.is_ok() {
            *self = changed;
        }
        Some(set)
    }

    fn online(&mut self, value: &str) -> Result<(), Error> {
        self.online = match value {
            "no" => Online::No,
            "yes" => Online::Yes,
            "loopback" => Online::Loopback,
            _ => return Err(misuse("online is no, yes or loopback", "value")),
        };
        Ok(())
    }

    fn apply(&mut self, verifier: Verifier) -> Result<Verifier, Error> {
        let mut rules = Rules::new();
        for host in &self.allowed {
            rules = rules.allow(host)?;
        }
        if let Some(proxy) = &self.proxy {
            rules = rules.proxy(proxy);
        }
        if self.online == Online::Loopback {
            rules = rules.loopback();
        }
        if self.online == Online::No {
            return Ok(verifier.offline());
        }
        let verifier = fetcher(rules, verifier)?;
        if self.has_cache {
            return Ok(verifier);
        }
        self.has_cache = true;
        Ok(verifier.cache(MemoryCache::new()))
    }
}

#[cfg(feature = "online")]
fn fetcher(rules: Rules, verifier: Verifier) -> Result<Verifier, Error> {
    Ok(verifier.fetch(rules.http()?))
}

#[cfg(not(feature = "online"))]
fn fetcher(_: Rules, _: Verifier) -> Result<Verifier, Error> {
    let detail = "this library was built without the network";
    Err(Error::new(kyso::ErrorKind::Unsupported, detail))
}
