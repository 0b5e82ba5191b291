//! One GET on a collection or an object, and the text of its target.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::odata::{Address, Filter};

/// What must be escaped inside a query option. The rest stays readable: a target is
/// shown to people and pasted into Graph Explorer.
const OPTION: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What must be escaped inside one path segment.
const SEGMENT: &AsciiSet = &OPTION.add(b'/').add(b';').add(b'=').add(b':');

/// The order of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBy {
    /// The property.
    pub path: String,
    /// Largest first.
    pub descending: bool,
}

/// One GET, before it is text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// `v1.0` or `beta`.
    pub version: &'static str,
    /// Path below the version, with a leading slash.
    pub path: &'static str,
    /// What stands for `{…}` in the path, in order; too few leave it as it is.
    pub parents: Vec<String>,
    /// One object of the collection instead of the listing.
    pub key: Option<String>,
    /// The number of objects as text, instead of the listing.
    pub count: bool,
    /// `$select`; empty asks for the default set.
    pub select: Vec<String>,
    /// `$expand`: the relation, and the properties of the object behind it.
    pub expand: Option<String>,
    /// `$filter`.
    pub filter: Option<Filter>,
    /// `$orderby`.
    pub order_by: Option<OrderBy>,
    /// `$top`.
    pub top: Option<usize>,
    /// Sends `$count=true`; the caller sends the header that belongs to it.
    pub advanced: bool,
    /// A checked path and query that somebody wrote, instead of all but the version.
    pub verbatim: Option<Address>,
}

impl Query {
    /// Renders the target: path and query as they go over the wire.
    ///
    /// The order of options is fixed, so equal queries have equal targets.
    pub fn target(&self) -> String {
        if let Some(address) = &self.verbatim {
            return format!("/{}{}", self.version, address.target());
        }
        let mut target = format!("/{}", self.version);
        let mut parents = self.parents.iter();
        for segment in self.path.split('/').skip(1) {
            target.push('/');
            match segment.strip_prefix('{').and_then(|_| parents.next()) {
                Some(id) => target.extend(utf8_percent_encode(id, SEGMENT)),
                None => target.push_str(segment),
            }
        }
        if let Some(key) = &self.key {
            target.push('/');
            target.extend(utf8_percent_encode(key, SEGMENT));
        }
        if self.count {
            target.push_str("/$count");
        }
        for (index, option) in self.options().iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(option);
        }
        target
    }

    fn options(&self) -> Vec<String> {
        let mut options = Vec::new();
        let mut add = |name: &str, value: &str| {
            options.push(format!("{name}={}", utf8_percent_encode(value, OPTION)));
        };
        if self.advanced {
            add("$count", "true");
        }
        if !self.select.is_empty() {
            add("$select", &self.select.join(","));
        }
        if let Some(expand) = &self.expand {
            add("$expand", expand);
        }
        if let Some(filter) = &self.filter {
            add("$filter", &filter.to_string());
        }
        if let Some(order) = &self.order_by {
            let suffix = if order.descending { " desc" } else { "" };
            add("$orderby", &format!("{}{suffix}", order.path));
        }
        if let Some(top) = self.top {
            add("$top", &top.to_string());
        }
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::{Comparison, Literal};

    #[test]
    fn everything_that_could_end_an_option_is_escaped() {
        let value = Literal::Text("a&b=c#d+e%f g/\u{e9}".into());
        let query = Query {
            version: "v1.0",
            path: "/users",
            filter: Some(Filter::Compare("city".into(), Comparison::Eq, value)),
            top: Some(999),
            ..Query::default()
        };
        assert_eq!(
            query.target(),
            "/v1.0/users?$filter=city%20eq%20'a%26b=c%23d%2Be%25f%20g/%C3%A9'&$top=999"
        );
    }

    #[test]
    fn a_parent_stays_one_segment() {
        let path = "/groups/{group_id}/members";
        let query = Query { version: "v1.0", path, ..Query::default() };
        assert_eq!(query.target(), "/v1.0/groups/{group_id}/members");
        let of_one = Query { parents: vec!["a/b".into()], ..query };
        assert_eq!(of_one.target(), "/v1.0/groups/a%2Fb/members");
    }

    #[test]
    fn a_key_stays_one_segment() {
        let query = Query {
            version: "v1.0",
            path: "/users",
            key: Some("../groups?x".into()),
            ..Query::default()
        };
        assert_eq!(query.target(), "/v1.0/users/..%2Fgroups%3Fx");
    }
}
