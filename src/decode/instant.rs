//! Timestamps as Graph writes them: RFC 3339 with up to seven fractional digits.

/// Parses an instant to microseconds since 1970, or `None` when the text is not one.
///
/// Digits below the microsecond are cut off. An offset may have a one-digit hour
/// (`-8:00`), as documented rows have. A text without an offset names no instant.
pub(super) fn parse_micros(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    if !matches!(bytes[10], b'T' | b't' | b' ') || bytes[13] != b':' || bytes[16] != b':' {
        return None;
    }
    let days = days(number(&bytes[0..4])?, number(&bytes[5..7])?, number(&bytes[8..10])?)?;
    let seconds = clock(number(&bytes[11..13])?, number(&bytes[14..16])?, number(&bytes[17..19])?)?;
    let (micros, rest) = fraction(&bytes[19..])?;
    let offset = offset_seconds(rest)?;
    Some((days * 86_400 + seconds - offset) * 1_000_000 + micros)
}

fn number(digits: &[u8]) -> Option<i64> {
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(value)
}

fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that
/// begin in March, so that the leap day is the last day of a year.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 || day > month_length(year, month) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most six digits")]
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let kept = number(&digits[..length.min(6)])?;
    Some((kept * 10_i64.pow(6 - length.min(6) as u32), &digits[length..]))
}

fn offset_seconds(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text.first()? {
        b'Z' | b'z' => return (text.len() == 1).then_some(0),
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let colon = rest.iter().position(|b| *b == b':')?;
    let (hours, minutes) = (&rest[..colon], &rest[colon + 1..]);
    if hours.is_empty() || hours.len() > 2 || minutes.len() != 2 {
        return None;
    }
    Some(sign * clock(number(hours)?, number(minutes)?, 0)?)
}

#[cfg(test)]
mod tests {
    use super::parse_micros;

    #[track_caller]
    fn check(text: &str) {
        let expected = chrono::DateTime::parse_from_rfc3339(text).map(|t| t.timestamp_micros());
        assert_eq!(parse_micros(text), expected.ok(), "{text}");
    }

    #[test]
    fn agrees_with_chrono() {
        for year in [1, 4, 100, 400, 1600, 1900, 1970, 1999, 2000, 2024, 2026, 9999] {
            for (month, day) in [(1, 1), (2, 28), (2, 29), (3, 1), (4, 31), (12, 31), (13, 1)] {
                check(&format!("{year:04}-{month:02}-{day:02}T23:59:58.1234567Z"));
                check(&format!("{year:04}-{month:02}-{day:02}T00:00:00+05:30"));
            }
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-11-14",
            "2026-11-14T01:02:03",
            "2026-11-14T25:00:00Z",
            "2026-11-14T01:02:03.Z",
        ] {
            assert_eq!(parse_micros(text), None, "{text}");
        }
    }

    #[test]
    fn a_short_offset_of_a_documented_row_is_read() {
        assert_eq!(parse_micros("2021-01-01T00:00:00-8:00"), parse_micros("2021-01-01T08:00:00Z"));
    }
}
