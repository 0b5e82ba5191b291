//! How long somebody is ready to wait: `30s`, `5m`, or without a limit.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use datafusion::common::config_field;

use crate::error::{Error, ErrorKind};

/// The units a wait is written in, in milliseconds, largest first.
const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A longest wait; none at all is written `0`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Patience(pub Option<Duration>);

impl FromStr for Patience {
    type Err = Error;

    /// Reads a whole number and its unit: `500ms`, `30s`, `5m`, `1h`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let millis = match (number.parse::<u64>(), unit) {
            (Ok(0), "") => Some(0),
            (Ok(number), unit) => {
                let unit = UNITS.iter().find(|(name, _)| *name == unit.trim());
                unit.and_then(|(_, millis)| number.checked_mul(*millis))
            }
            _ => None,
        };
        let millis = millis.ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{text}` is not a time to wait"))
                .with_hint("a number and its unit: `500ms`, `30s`, `5m`, `1h`; `0` for none")
        })?;
        Ok(Self((millis > 0).then(|| Duration::from_millis(millis))))
    }
}

impl fmt::Display for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(wait) = self.0 else { return f.write_str("0") };
        let millis = wait.as_millis();
        let fits = UNITS.iter().find(|(_, unit)| millis % u128::from(*unit) == 0);
        let (name, unit) = fits.unwrap_or(&("ms", 1));
        write!(f, "{}{name}", millis / u128::from(*unit))
    }
}

config_field!(Patience, value => value.parse()?);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_a_number_and_its_unit() {
        for (text, shown) in
            [("30s", "30s"), ("300 s", "5m"), ("1h", "1h"), ("1500ms", "1500ms"), ("0", "0")]
        {
            assert_eq!(text.parse::<Patience>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in ["", "s", "5", "-5s", "5 weeks", "1.5s", "99999999999999999999s"] {
            let error = wrong.parse::<Patience>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{wrong}`")), "{error}");
        }
    }
}
