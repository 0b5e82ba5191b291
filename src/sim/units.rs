//! Resource units: what a request costs the directory.

use crate::sim::address;
use crate::sim::request::Request;

/// Below this page size a request is cheaper.
const SMALL_PAGE: usize = 20;

/// Returns the resource units of a request with that base cost.
pub(crate) fn units(request: &Request, base: u32) -> u32 {
    // What cannot be read is charged like a request without options.
    let pairs = address::pairs(request.query()).unwrap_or_default();
    let option = |wanted: &str| {
        let mut found = pairs.iter().filter(|(name, _)| name_of(name) == wanted);
        found.next().map(|(_, value)| value.as_str())
    };
    let top = option("top").and_then(|top| top.parse::<usize>().ok());
    let more = u32::from(option("expand").is_some());
    let less =
        u32::from(option("select").is_some()) + u32::from(top.is_some_and(|top| top < SMALL_PAGE));
    (base + more).saturating_sub(less).max(1)
}

fn name_of(option: &str) -> String {
    option.trim_start_matches('$').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_make_a_request_cheaper_or_dearer() {
        let cost = |query: &str, base| {
            units(&Request { target: format!("/v1.0/users?{query}"), ..Request::default() }, base)
        };
        assert_eq!((cost("", 2), cost("%24select=id", 2), cost("$TOP=19", 2)), (2, 1, 1));
        assert_eq!(cost("$select=id&$top=5", 2), 1);
        assert_eq!((cost("$top=20", 2), cost("$expand=manager", 2)), (2, 3));
        // The select inside is part of the expand.
        assert_eq!(cost("$expand=manager($select=id)", 2), 3);
        assert_eq!(cost("$expand=members&$select=id&$top=1", 1), 1);
        assert_eq!(cost("$expand=members&$select=id", 3), 3);
    }
}
