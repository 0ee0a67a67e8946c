//! `kyso extend`, and what signing at a level needs: a time-stamping service and evidence.

use std::path::Path;

use kyso::Verifier;
use kyso::sign::{self, RaiseTo, TimeStampService, TimeStamper};

use crate::args::{self, Extend, Gather, Network, Raise, Stamps};
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, is_dash};

/// Raises signatures and writes the file.
pub(crate) fn run(arguments: Extend, lang: Lang) -> Result<u8, Failure> {
    let existing = output::existing(arguments.force);
    output::check(&arguments.output, existing)?;
    let level = match arguments.level {
        Some(level) => Some(level.word().parse::<RaiseTo>()?),
        None => None,
    };
    let stamper = service(&arguments.stamps, &arguments.gather.network)?;
    let verifier = verifier(arguments.gather, lang)?;
    let input = input::open(&arguments.input)?;
    let mut extending = sign::extend(&input, &verifier);
    if let Some(field) = &arguments.field {
        extending = extending.field(field);
    }
    if let Some(stamper) = &stamper {
        extending = extending.time_stamper(stamper);
    }
    let raised = match level {
        Some(level) => extending.to(level),
        None => extending.document_time_stamp(),
    };
    let raised = raised.map_err(|error| Failure::about(&arguments.input, error))?;
    output::write(&arguments.output, existing, |mut out| {
        raised.write_to(&mut out)
    })?;
    announce(&arguments.output, lang);
    Ok(status::DONE)
}

/// What a level needs, opened before a key is.
pub(crate) struct Raising {
    level: Option<args::Level>,
    stamper: Option<TimeStampService>,
    verifier: Option<Verifier>,
}

impl Raising {
    /// By the options; a level that lacks its service is refused here, before a key is opened.
    pub(crate) fn new(raise: Raise, lang: Lang) -> Result<Self, Failure> {
        let Raise {
            level,
            stamps,
            gather,
        } = raise;
        let stamper = service(&stamps, &gather.network)?;
        let verifier = match level {
            Some(args::Level::BLt | args::Level::BLta) => Some(verifier(gather, lang)?),
            _ => None,
        };
        let raising = Self {
            level,
            stamper,
            verifier,
        };
        raising.level()?;
        Ok(raising)
    }

    /// The level as the library takes it.
    pub(crate) fn level(&self) -> Result<sign::Level<'_>, Failure> {
        let stamper = self
            .stamper
            .as_ref()
            .map(|stamper| stamper as &dyn TimeStamper);
        let word = self.level.map(args::Level::word);
        Ok(sign::Level::named(word, stamper, self.verifier.as_ref())?)
    }
}

fn verifier(mut gather: Gather, lang: Lang) -> Result<Verifier, Failure> {
    if !gather.network.online {
        // It was the time-stamping service's.
        gather.network.proxy = None;
    }
    gather.judge().verifier(lang)
}

fn service(stamps: &Stamps, network: &Network) -> Result<Option<TimeStampService>, Failure> {
    if stamps.tsa.is_empty() {
        network.refuse_idle_proxy()?;
        return Ok(None);
    }
    let service = client(stamps, network)?;
    let service = match stamps.tsa_digest {
        Some(hash) => service.digest(hash.algorithm())?,
        None => service,
    };
    Ok(Some(match &stamps.tsa_policy {
        Some(policy) => service.policy(*policy),
        None => service,
    }))
}

#[cfg(feature = "online")]
fn client(stamps: &Stamps, network: &Network) -> Result<TimeStampService, Failure> {
    Ok(kyso_fetch::time_stamps(
        &stamps.tsa,
        network.proxy.as_deref(),
    )?)
}

#[cfg(not(feature = "online"))]
fn client(_: &Stamps, _: &Network) -> Result<TimeStampService, Failure> {
    Err(Failure::usage(
        "--tsa: bản kyso này được dựng không kèm phần mạng",
        "--tsa: this kyso was built without the network",
    ))
}

fn announce(path: &Path, lang: Lang) {
    if !is_dash(path) {
        let (path, word) = (shown(path), output::quoted_path(path));
        output::note(&pick(
            lang,
            format!("Đã nâng mức: {path}. Kiểm tra: kyso verify {word}"),
            format!("Raised: {path}. Verify it: kyso verify {word}"),
        ));
    }
}
