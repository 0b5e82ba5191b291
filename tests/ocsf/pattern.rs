//! The forms of text that types of OCSF ask for.

use std::net::IpAddr;

use chrono::DateTime;

/// Says whether a text has the form of its type; types without a form take any.
pub fn fits(kind: &str, text: &str) -> bool {
    match kind {
        "ip_t" => text.parse::<IpAddr>().is_ok(),
        "email_t" => is_email(text),
        "uuid_t" => is_uuid(text),
        "mac_t" => is_mac(text),
        "datetime_t" => DateTime::parse_from_rfc3339(text).is_ok(),
        "file_hash_t" => text.bytes().all(|b| b.is_ascii_hexdigit()),
        _ => true,
    }
}

/// ASCII on both sides of one `@`, and a dot behind the first label.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((label, rest)) = domain.split_once('.') else { return false };
    let is_atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let is_label = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let every = |part: &str, is: &dyn Fn(u8) -> bool| !part.is_empty() && part.bytes().all(is);
    every(local, &is_atom) && every(label, &is_label) && every(rest, &|b| is_label(b) || b == b'.')
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|b| b.is_ascii_hexdigit());
    let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(is_hex)
}

fn is_mac(text: &str) -> bool {
    let octets: Vec<_> = text.split([':', '-']).collect();
    let is_octet = |octet: &&str| octet.len() == 2 && octet.bytes().all(|b| b.is_ascii_hexdigit());
    octets.len() == 6 && octets.iter().all(is_octet)
}

#[test]
fn forms_are_told_apart() {
    let good = [
        ("ip_t", "203.0.113.7"),
        ("ip_t", "2001:db8::1"),
        ("email_t", "anna_partner.example#EXT#@north.example"),
        ("uuid_t", "7d3f6c1e-52ab-4c0f-9b8e-0e6a4d2c9f10"),
        ("mac_t", "00:1A:2b:3c:4d:5e"),
        ("datetime_t", "2026-11-14T10:00:00.123Z"),
        ("string_t", "anything"),
    ];
    let bad = [
        ("ip_t", "203.0.113.7:443"),
        ("ip_t", "203.0.113.700"),
        ("email_t", "zoë@north.example"),
        ("email_t", "anna@north"),
        ("email_t", "anna north@a.example"),
        ("email_t", "a@b@c.example"),
        ("uuid_t", "7d3f6c1e52ab4c0f9b8e0e6a4d2c9f10"),
        ("mac_t", "00:1A:2b:3c:4d"),
        ("datetime_t", "2026-11-14"),
        ("file_hash_t", "xyz"),
    ];
    for (kind, text) in good {
        assert!(fits(kind, text), "{kind} {text}");
    }
    for (kind, text) in bad {
        assert!(!fits(kind, text), "{kind} {text}");
    }
}
