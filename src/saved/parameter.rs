//! One `-- param:` line: `NAME TYPE = DEFAULT -- about`.

use datafusion::common::ScalarValue;

use crate::saved::kind::Kind;
use crate::saved::literal::literal;

/// What a saved query takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The default as it is written, and its value. Without one a value must be given.
    pub(crate) default: Option<(String, ScalarValue)>,
    pub(crate) about: String,
}

impl Parameter {
    /// Reads what follows `param:`; the error is one sentence.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (declared, about) = text.rsplit_once(" -- ").unwrap_or((text, ""));
        let (left, default) = match declared.split_once('=') {
            Some((left, default)) => (left, Some(default.trim())),
            None => (declared, None),
        };
        let mut words = left.split_whitespace();
        let (Some(name), Some(kind), None) = (words.next(), words.next(), words.next()) else {
            return Err("a parameter is written `NAME TYPE = DEFAULT -- about`".to_owned());
        };
        if !is_name(name) {
            return Err(format!("`{name}` is not a name: small letters, digits and `_`"));
        }
        let Some(known) = Kind::parse(kind) else {
            let all: Vec<_> = Kind::ALL.iter().map(|(_, name, _)| *name).collect();
            return Err(format!("there is no type `{kind}`; the types are {}", all.join(", ")));
        };
        let default = default.map(|text| match literal(known, text) {
            Ok(value) => Ok((text.to_owned(), value)),
            Err(error) => Err(format!("the default of `{name}`: {}", error.message())),
        });
        let about = about.trim().to_owned();
        Ok(Self { name: name.to_owned(), kind: known, default: default.transpose()?, about })
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_has_a_name_a_type_a_default_and_a_meaning() {
        let parsed = Parameter::parse("last interval = '14 days' -- How far back.").unwrap();
        assert_eq!((parsed.name.as_str(), parsed.kind), ("last", Kind::Interval));
        assert_eq!(parsed.default.unwrap().0, "'14 days'");
        assert_eq!(parsed.about, "How far back.");
        let needed = Parameter::parse("user text -- Sign-in name.").unwrap();
        assert_eq!(needed.default, None);
        let odd = Parameter::parse("a list<text> = ['x -- y', 'b=c'] -- Both.").unwrap();
        assert_eq!(odd.default.unwrap().0, "['x -- y', 'b=c']");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text| Parameter::parse(text).unwrap_err();
        assert!(wrong("last").contains("NAME TYPE"));
        assert!(wrong("last interval '14 days'").contains("NAME TYPE"));
        assert!(wrong("Last interval").contains("`Last`"));
        assert!(wrong("last intervall").contains("list<text>"));
        assert!(wrong("last interval = 14").contains("`last`"));
        assert!(wrong("n int = '7'").contains("type int"));
    }
}
