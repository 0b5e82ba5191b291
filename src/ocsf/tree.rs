//! The paths of a mapping as a tree of objects.

use crate::ocsf::pair::Pair;
use crate::ocsf::write::Setting;

/// An attribute, or an object of attributes, in the order of the mapping.
#[derive(Debug)]
pub(super) enum Node {
    /// An expression, whether it is taken as it is, and whether it is there in every row.
    Leaf {
        sql: String,
        verbatim: bool,
        sure: bool,
    },
    Object(Members),
    /// A list of the one object.
    One(Members),
}

pub(super) type Members = Vec<(String, Node)>;

/// Adds an expression at a path.
pub(super) fn insert(members: &mut Members, path: &str, leaf: Node) -> Result<(), String> {
    // What is unmapped keeps the names of the source, dots and all.
    let (step, rest) = match path.split_once('.') {
        Some((step, rest)) => (step, Some(rest)),
        None => (path, None),
    };
    let (name, one) = match step.strip_suffix("[0]") {
        Some(name) => (name, true),
        None => (step, false),
    };
    let at = members.iter().position(|(known, _)| known == name);
    let Some(rest) = rest else {
        return match at {
            Some(_) => Err(format!("`{path}` is set twice")),
            None => {
                members.push((name.to_owned(), leaf));
                Ok(())
            }
        };
    };
    let at = at.unwrap_or_else(|| {
        let empty = if one { Node::One(Vec::new()) } else { Node::Object(Vec::new()) };
        members.push((name.to_owned(), empty));
        members.len() - 1
    });
    match &mut members[at].1 {
        Node::Object(inner) if name == "unmapped" => {
            inner.push((rest.to_owned(), leaf));
            Ok(())
        }
        Node::Object(inner) | Node::One(inner) => insert(inner, rest, leaf),
        Node::Leaf { .. } => Err(format!("`{path}` is below an attribute that is set whole")),
    }
}

/// A text as SQL writes it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Tells whether an expression is there in every row.
pub(super) fn is_constant(sql: &str) -> bool {
    let sql = sql.trim();
    let number = !sql.is_empty() && sql.bytes().all(|b| b.is_ascii_digit());
    let quoted = sql.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    number || matches!(sql, "true" | "false") || quoted.is_some_and(|text| !text.contains('\''))
}

/// Tells whether an object of these members is there in every row.
pub(super) fn is_sure(members: &Members) -> bool {
    members.iter().any(|(_, node)| node.is_sure())
}

impl Node {
    /// A value of a pair.
    pub(super) fn leaf(pair: &Pair, setting: &Setting<'_>) -> Self {
        Self::Leaf { sql: setting.fill(pair.sql), verbatim: pair.verbatim, sure: pair.sure }
    }

    /// Tells whether it, or something in it, makes what it is part of be there in every row.
    pub(super) fn is_sure(&self) -> bool {
        match self {
            Self::Leaf { sure, .. } => *sure,
            Self::Object(members) | Self::One(members) => is_sure(members),
        }
    }

    /// Tells whether it is there in every row.
    pub(super) fn is_constant(&self) -> bool {
        match self {
            Self::Leaf { sql, .. } => is_constant(sql),
            Self::Object(members) | Self::One(members) => {
                members.iter().any(|(_, node)| node.is_constant())
                    && members.iter().all(|(_, node)| node.is_constant())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocsf::pair::set;

    const SETTING: Setting<'_> = Setting { version: "1.6.0", tenant: None, now: None };

    fn leaf(sql: &'static str) -> Node {
        Node::leaf(&set("name", sql), &SETTING)
    }

    #[test]
    fn a_path_is_set_once_and_not_below_a_value() {
        let mut members = Members::new();
        insert(&mut members, "user.name", leaf("a")).unwrap();
        insert(&mut members, "user.org.uid", leaf("b")).unwrap();
        insert(&mut members, "resources[0].uid", leaf("c")).unwrap();
        assert!(insert(&mut members, "user.name", leaf("d")).is_err());
        assert!(insert(&mut members, "user.name.first", leaf("d")).is_err());
        let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["user", "resources"]);
        assert!(matches!(&members[1].1, Node::One(inner) if inner.len() == 1));
    }

    #[test]
    fn what_is_unmapped_keeps_its_dots() {
        let mut members = Members::new();
        insert(&mut members, "unmapped.device.browser", leaf("a")).unwrap();
        let Node::Object(inner) = &members[0].1 else { panic!("no object") };
        assert_eq!(inner[0].0, "device.browser");
    }

    #[test]
    fn a_constant_is_one_literal() {
        for sql in ["1", "'a'", " true ", "'Azure AD Account'"] {
            assert!(is_constant(sql), "{sql}");
        }
        for sql in ["a", "", "'a' || b || 'c'", "-x", "NULL", "now()"] {
            assert!(!is_constant(sql), "{sql}");
        }
    }
}
