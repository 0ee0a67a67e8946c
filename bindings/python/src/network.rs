//! Whom a verifier may ask over the network, and what it keeps.

use std::path::PathBuf;
use std::sync::Arc;

use kyso_fetch::{DiskCache, MemoryCache, Rules};

use crate::error::Fault;

/// `kyso.Online`: loopback, hosts that may be private, places of issuers, proxy.
pub(crate) type Asked = (bool, Vec<String>, Vec<String>, Option<String>);

/// One client and one cache for all files of a verifier.
#[derive(Default)]
pub(crate) struct Network {
    #[cfg(feature = "online")]
    client: Option<Arc<kyso_fetch::Http>>,
    disk: Option<Arc<DiskCache>>,
    memory: Option<Arc<MemoryCache>>,
    issuers: Vec<String>,
}

impl Network {
    pub(crate) fn new(online: Option<Asked>, cache: Option<PathBuf>) -> Result<Self, Fault> {
        let mut network = Self::default();
        if let Some(folder) = cache {
            let cache = DiskCache::open(&folder).map_err(|error| Fault::output(&folder, error))?;
            network.disk = Some(Arc::new(cache));
        }
        let Some((loopback, allow, issuers, proxy)) = online else {
            return Ok(network);
        };
        network.memory = network.disk.is_none().then(Arc::default);
        let mut rules = Rules::new();
        if loopback {
            rules = rules.loopback();
        }
        for host in &allow {
            rules = rules.allow(host)?;
        }
        if let Some(proxy) = proxy {
            rules = rules.proxy(proxy);
        }
        // A wrong address is a fault of the settings, found when they are built.
        kyso::Verifier::new(kyso::Time::from_unix(0)).issuers_from(&issuers)?;
        network.issuers = issuers;
        network.connect(rules)?;
        Ok(network)
    }

    #[cfg(feature = "online")]
    fn connect(&mut self, rules: Rules) -> Result<(), Fault> {
        self.client = Some(Arc::new(rules.http()?));
        Ok(())
    }

    #[cfg(not(feature = "online"))]
    fn connect(&mut self, _: Rules) -> Result<(), Fault> {
        let detail = "this module was built without the network";
        Err(kyso::Error::new(kyso::ErrorKind::Unsupported, detail).into())
    }

    pub(crate) fn add_to(&self, verifier: kyso::Verifier) -> Result<kyso::Verifier, Fault> {
        let mut verifier = verifier.issuers_from(&self.issuers)?;
        if let Some(cache) = &self.disk {
            verifier = verifier.cache(cache.clone());
        } else if let Some(cache) = &self.memory {
            verifier = verifier.cache(cache.clone());
        }
        #[cfg(feature = "online")]
        if let Some(client) = &self.client {
            verifier = verifier.fetch(client.clone());
        }
        Ok(verifier)
    }
}
