//! Points in time as RFC 3339 text in UTC.

/// Appends an instant: seconds since 1970, and nanoseconds of that second. The fraction has
/// 0, 3, 6 or 9 digits, as few as will do.
pub(super) fn write(seconds: i64, nanos: i64, out: &mut Vec<u8>) {
    let (year, month, day) = date(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    write_year(year, out);
    out.push(b'-');
    out.extend_from_slice(&digits::<2>(month));
    out.push(b'-');
    out.extend_from_slice(&digits::<2>(day));
    out.push(b'T');
    out.extend_from_slice(&digits::<2>(second / 3_600));
    out.push(b':');
    out.extend_from_slice(&digits::<2>(second / 60 % 60));
    out.push(b':');
    out.extend_from_slice(&digits::<2>(second % 60));
    write_fraction(nanos, out);
    out.push(b'Z');
}

/// RFC 3339 has years of four digits; ISO 8601 puts a sign before others.
fn write_year(year: i64, out: &mut Vec<u8>) {
    match year {
        0..=9999 => out.extend_from_slice(&digits::<4>(year)),
        _ => out.extend_from_slice(format!("{year:+05}").as_bytes()),
    }
}

fn write_fraction(nanos: i64, out: &mut Vec<u8>) {
    let fraction = digits::<9>(nanos);
    let length = match nanos {
        0 => return,
        _ if nanos % 1_000_000 == 0 => 3,
        _ if nanos % 1_000 == 0 => 6,
        _ => 9,
    };
    out.push(b'.');
    out.extend_from_slice(&fraction[..length]);
}

/// The last `N` decimal digits of a number that is not negative.
fn digits<const N: usize>(value: i64) -> [u8; N] {
    let mut rest = value.unsigned_abs();
    let mut text = [b'0'; N];
    for digit in text.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    text
}

/// Year, month and day, in the proleptic Gregorian calendar, of a day counted from 1970-01-01.
///
/// Years begin in March while it computes, so that the leap day is the last day of a year.
fn date(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::write;
    use crate::json::TIME_FORMAT;

    #[test]
    fn agrees_with_chrono() {
        let mut random = fastrand::Rng::with_seed(7);
        let bound = 300_000_000_000;
        let edges = [0, -1, 951_782_399, 951_782_400, 4_107_542_400, -62_135_596_801];
        let some = (0..20_000).map(|_| random.i64(-bound..bound)).collect::<Vec<_>>();
        for seconds in edges.into_iter().chain(some) {
            for nanos in [0, 7_000_000, 120_000, 999_999_999, 1] {
                let mut text = Vec::new();
                write(seconds, nanos.into(), &mut text);
                let expected = DateTime::from_timestamp(seconds, nanos).unwrap();
                let expected = expected.format(TIME_FORMAT).to_string();
                assert_eq!(String::from_utf8(text).unwrap(), expected);
            }
        }
    }
}
