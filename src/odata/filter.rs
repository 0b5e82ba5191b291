//! The part of `$filter` we write: comparisons, prefixes, lists and `any`.

use std::fmt;

use crate::odata::Literal;

/// A comparison operator. Graph is loose on `gt` and `lt`, so a strict bound is widened to an
/// inclusive one and checked again here; where Graph knows only the strict ones, to a later
/// or earlier second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`.
    Eq,
    /// `ne`; only ever with `null`.
    Ne,
    /// `ge`.
    Ge,
    /// `le`.
    Le,
    /// `gt`; only where `ge` is not known.
    Gt,
    /// `lt`; only where `le` is not known.
    Lt,
}

impl Comparison {
    fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Ge => "ge",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Lt => "lt",
        }
    }
}

/// What `any` asks of a member of a collection.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// The member equals a value.
    Eq(Literal),
    /// The member starts with a text.
    StartsWith(String),
}

/// A `$filter` expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `path op value`.
    Compare(String, Comparison, Literal),
    /// `startsWith(path,'value')`.
    StartsWith(String, String),
    /// `path in ('a','b')`.
    In(String, Vec<Literal>),
    /// `path/any(x:x eq 'value')`.
    Any(String, Member),
    /// Text a table declares, sent as it is.
    Fixed(&'static str),
    /// All of them.
    And(Vec<Filter>),
    /// Any of them.
    Or(Vec<Filter>),
}

impl Filter {
    /// Joins filters with `and`; nothing for none.
    pub fn all(mut filters: Vec<Self>) -> Option<Self> {
        match filters.len() {
            0 => None,
            1 => filters.pop(),
            _ => Some(Self::And(filters)),
        }
    }

    /// Returns the number of comparisons, which Graph limits below an `or`.
    pub fn leaves(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::leaves).sum(),
            Self::In(_, values) => values.len(),
            _ => 1,
        }
    }

    /// Collects the property paths named.
    pub fn paths(&self) -> Vec<&str> {
        match self {
            Self::Compare(path, ..)
            | Self::StartsWith(path, _)
            | Self::In(path, _)
            | Self::Any(path, _) => vec![path],
            Self::Fixed(_) => Vec::new(),
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::paths).collect(),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(path, op, value) => write!(f, "{path} {} {value}", op.word()),
            Self::StartsWith(path, text) => {
                write!(f, "startsWith({path},{})", Literal::Text(text.clone()))
            }
            Self::In(path, values) => write!(f, "{path} in ({})", join(values, ",")),
            Self::Any(path, Member::Eq(value)) => write!(f, "{path}/any(x:x eq {value})"),
            Self::Any(path, Member::StartsWith(text)) => {
                write!(f, "{path}/any(x:startsWith(x,{}))", Literal::Text(text.clone()))
            }
            Self::Fixed(text) => f.write_str(text),
            Self::And(parts) => f.write_str(&nested(parts, " and ")),
            Self::Or(parts) => f.write_str(&nested(parts, " or ")),
        }
    }
}

fn join<T: fmt::Display>(items: &[T], separator: &str) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

/// Parentheses go around every inner `and` and `or`: precedence is then never a question.
fn nested(parts: &[Filter], separator: &str) -> String {
    let texts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Filter::And(_) | Filter::Or(_) => format!("({part})"),
            _ => part.to_string(),
        })
        .collect();
    texts.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(filter: &Filter, expected: &str) {
        assert_eq!(filter.to_string(), expected);
    }

    fn eq(path: &str, text: &str) -> Filter {
        Filter::Compare(path.into(), Comparison::Eq, Literal::Text(text.into()))
    }

    #[test]
    fn a_quote_cannot_end_the_literal() {
        check(&eq("displayName", "O'Brien' or 1 eq 1"), "displayName eq 'O''Brien'' or 1 eq 1'");
    }

    #[test]
    fn an_inner_or_is_in_parentheses() {
        let either = Filter::Or(vec![eq("a", "1"), eq("b", "2")]);
        check(&Filter::And(vec![either, eq("c", "3")]), "(a eq '1' or b eq '2') and c eq '3'");
    }

    #[test]
    fn a_list_and_a_lambda_render_as_graph_writes_them() {
        check(
            &Filter::In("id".into(), vec![Literal::Text("a".into()), Literal::Text("b".into())]),
            "id in ('a','b')",
        );
        check(
            &Filter::Any("groupTypes".into(), Member::Eq(Literal::Text("Unified".into()))),
            "groupTypes/any(x:x eq 'Unified')",
        );
    }
}
