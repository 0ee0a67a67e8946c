//! Who may be asked over the network: `--online` and the options around it, `--cache`.

use kyso::Verifier;
use kyso_fetch::{DiskCache, MemoryCache};

use crate::args::Network;
use crate::failure::Failure;

impl Network {
    /// A proxy that nothing goes through is a slip.
    pub(crate) fn refuse_idle_proxy(&self) -> Result<(), Failure> {
        if self.proxy.is_some() && !self.online {
            return Err(Failure::usage(
                "--proxy cần đi cùng --online hoặc --tsa",
                "--proxy needs --online or --tsa",
            ));
        }
        Ok(())
    }

    /// The verifier with whom it may ask and what it may keep.
    pub(crate) fn add_to(&self, verifier: Verifier) -> Result<Verifier, Failure> {
        self.refuse_idle_proxy()?;
        let verifier = verifier.issuers_from(&self.online_issuers)?;
        let verifier = match &self.cache {
            Some(folder) => verifier.cache(
                DiskCache::open(folder).map_err(|error| Failure::unwritable(folder, &error))?,
            ),
            None if self.online => {
                let folder = kyso_map::cache_folder();
                // A place that was not asked for and cannot be written keeps nobody from verifying.
                match folder.and_then(|folder| DiskCache::open(folder).ok()) {
                    Some(cache) => verifier.cache(cache),
                    None => verifier.cache(MemoryCache::new()),
                }
            }
            None => verifier,
        };
        if self.online {
            return self.fetcher(verifier);
        }
        Ok(verifier)
    }

    #[cfg(feature = "online")]
    fn fetcher(&self, verifier: Verifier) -> Result<Verifier, Failure> {
        let mut rules = kyso_fetch::Rules::new();
        if self.online_loopback {
            rules = rules.loopback();
        }
        for host in &self.online_allow {
            rules = rules.allow(host)?;
        }
        if let Some(proxy) = &self.proxy {
            rules = rules.proxy(proxy);
        }
        Ok(verifier.fetch(rules.http()?))
    }

    #[cfg(not(feature = "online"))]
    #[allow(clippy::unused_self)]
    fn fetcher(&self, _: Verifier) -> Result<Verifier, Failure> {
        Err(Failure::usage(
            "--online: bản kyso này được dựng không kèm phần mạng",
            "--online: this kyso was built without the network",
        ))
    }
}
