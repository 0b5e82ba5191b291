//! Texts OCSF has a pattern for: what does not match is left out of an event.

use core::net::IpAddr;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;

const EMAIL: About = About {
    name: "ocsf_email",
    family: FAMILY,
    text: "Returns the text if OCSF takes it for an e-mail address, as it does for most user \
           principal names, those of guests included. Else null.",
    example: "SELECT ocsf_email('jan_nordkai.example#EXT#@contoso.com')",
    result: "jan_nordkai.example#EXT#@contoso.com",
};
const IP: About = About {
    name: "ocsf_ip",
    family: FAMILY,
    text: "Returns the text if it is an IPv4 or IPv6 address, without spaces around it. Else null.",
    example: "SELECT ocsf_ip(' 2001:db8::7 ')",
    result: "2001:db8::7",
};
const DOMAIN: About = About {
    name: "ocsf_domain",
    family: FAMILY,
    text: "Returns what is behind the last `@` of a user principal name, for guests the domain of \
           the tenant they are guests of. Null if there is nothing.",
    example: "SELECT ocsf_domain('jan_nordkai.example#EXT#@contoso.com')",
    result: "contoso.com",
};

pub(super) fn functions() -> Vec<Function> {
    const TEXT: &[Argument] = &[argument("text", Kind::Text, "Any text.")];
    const UPN: &[Argument] = &[argument("upn", Kind::Text, "User principal name.")];
    let text = |_: &[DataType]| Ok(DataType::Utf8);
    vec![
        Function::new(&EMAIL, TEXT, text, |a| each(a, email)),
        Function::new(&IP, TEXT, text, |a| each(a, ip)),
        Function::new(&DOMAIN, UPN, text, |a| each(a, domain)),
    ]
}

fn each(arguments: &Arguments<'_>, f: fn(&str) -> Option<&str>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    let one = |row| texts.at(row).and_then(f);
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}

/// The pattern of `email_t`: ASCII, one `@`, and a dot that is not the domain's first letter.
fn email(text: &str) -> Option<&str> {
    const MARKS: &[u8] = b"!#$%&'*+,-./=?^_`{|}~";
    let (local, domain) = text.split_once('@')?;
    let (first, rest) = domain.split_once('.')?;
    let label = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let valid = !local.is_empty()
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || MARKS.contains(&b))
        && !first.is_empty()
        && first.bytes().all(label)
        && !rest.is_empty()
        && rest.bytes().all(|b| label(b) || b == b'.');
    valid.then_some(text)
}

pub(super) fn ip(text: &str) -> Option<&str> {
    /// The length `ip_t` has at most.
    const LONGEST: usize = 40;
    let text = text.trim();
    (text.len() <= LONGEST && text.parse::<IpAddr>().is_ok()).then_some(text)
}

fn domain(upn: &str) -> Option<&str> {
    upn.rsplit_once('@').map(|(_, domain)| domain.trim()).filter(|domain| !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_matches_the_pattern_of_its_type() {
        for text in
            ["a@b.c", "o'neil+x@sub.example.com", "x_y.com#EXT#@t.onmicrosoft.com", "a@b-.-"]
        {
            assert_eq!(email(text), Some(text));
        }
        for text in ["", "a", "a@b", "@b.c", "a@.c", "a@b.", "ä@b.c", "a@b.ç", "a b@c.d", "a@b@c.d"]
        {
            assert_eq!(email(text), None, "{text}");
        }
        assert_eq!(ip("203.0.113.7"), Some("203.0.113.7"));
        for text in ["", "203.0.113", "203.0.113.x", "fe80::1%eth0", "203.0.113.7:443"] {
            assert_eq!(ip(text), None, "{text}");
        }
        assert_eq!((domain("a@b.c"), domain("a@"), domain("a")), (Some("b.c"), None, None));
    }
}
