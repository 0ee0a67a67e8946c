//! The control-time of a path (EN 319 102-1 clause 5.6.2.2): until when what an authority has signed
//! has to be proven to exist.
//!
//! A signing certificate that has ended is judged as one of the past (clause 5.6.2): the control-time
//! starts at the validation time and slides back, from the anchor down, to the revocation of each
//! issuing certificate. What is below it, and the status evidence about that, count where they are
//! proven to have existed by then: whoever holds the key of a revoked authority can make both.
//!
//! Sliding to lists that are no longer fresh, and to the ends of algorithms, is held by
//! [`freshness`](super::freshness) and [`acceptance`](super::acceptance) against the best proven time
//! itself.

use crate::time::Time;

/// A control-time, and the revocation that set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    pub(crate) until: Time,
    /// The subject of the revoked certificate, and the reason where one is told.
    pub(crate) revoked: Option<(String, Option<&'static str>)>,
}

impl Control {
    /// At the validation time, for the certificate below the anchor.
    pub(crate) fn new(at: Time) -> Self {
        Self {
            until: at,
            revoked: None,
        }
    }

    /// Slides to the revocation of an authority, where that is earlier.
    pub(crate) fn slide(&mut self, at: Time, subject: String, reason: Option<&'static str>) {
        if at < self.until {
            self.until = at;
            self.revoked = Some((subject, reason));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_control_time_slides_back_alone_and_names_what_set_it() {
        let time = Time::from_unix;
        let mut control = Control::new(time(100));
        control.slide(time(200), "later".into(), None);
        assert_eq!(control, Control::new(time(100)));
        control.slide(time(50), "root's".into(), Some("keyCompromise"));
        control.slide(time(70), "below".into(), None);
        assert_eq!(control.until, time(50));
        assert_eq!(
            control.revoked,
            Some(("root's".into(), Some("keyCompromise")))
        );
    }
}
