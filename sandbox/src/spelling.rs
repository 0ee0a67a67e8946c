//! How the index of a folder spells times, reasons and kinds of keys, for serde.

/// Times of the index: UTC, such as `2026-01-01T00:00:00Z`.
pub(crate) mod moment {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use x509_cert::der::DateTime;

    pub(crate) fn serialize<S: Serializer>(unix: &i64, to: S) -> Result<S::Ok, S::Error> {
        let moment = crate::asn1::civil(*unix).map_err(S::Error::custom)?;
        to.serialize_str(&moment.to_string())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = String::deserialize(from)?;
        let moment: DateTime = text
            .parse()
            .map_err(|_| D::Error::custom(format!("no time in UTC: {text:?}")))?;
        i64::try_from(moment.unix_duration().as_secs()).map_err(D::Error::custom)
    }
}

/// Reasons by the standard's names.
pub(crate) mod reason {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::crl::RevocationReason;

    pub(crate) fn serialize<S: Serializer>(
        reason: &Option<RevocationReason>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        reason.map(RevocationReason::name).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<RevocationReason>, D::Error> {
        let Some(name) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        let reason = RevocationReason::from_name(&name);
        let reason = reason.ok_or_else(|| D::Error::custom(format!("no reason: {name:?}")));
        reason.map(Some)
    }
}

/// Kinds of keys by their names.
pub(crate) mod kind {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::key::KeyKind;

    pub(crate) fn serialize<S: Serializer>(kind: &KeyKind, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(kind.name())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<KeyKind, D::Error> {
        let name = String::deserialize(from)?;
        KeyKind::from_name(&name).ok_or_else(|| D::Error::custom(format!("no key: {name:?}")))
    }
}
