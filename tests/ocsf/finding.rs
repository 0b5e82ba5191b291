//! What is wrong with an event, and where.

use std::fmt::{self, Display, Formatter};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Not JSON, or not an object.
    Unreadable,
    /// A member named twice.
    Twice,
    /// A `class_uid` the schema does not have.
    Class,
    Version,
    /// A profile the class does not have.
    Profile,
    /// An attribute the schema does not have.
    Unknown,
    /// An attribute of a profile the event does not declare.
    Undeclared,
    Missing,
    Null,
    /// An object, array or string with nothing in it.
    Empty,
    Type,
    /// A number no member of the enumeration has.
    Member,
    /// Words that are not those of the number.
    Caption,
    /// 99 without the words of the source, or words without a number.
    Words,
    Range,
    /// Text of another form than its type asks for.
    Pattern,
    Constraint,
    /// `type_uid` does not follow from class and activity.
    TypeUid,
    /// A time that is not in milliseconds.
    Time,
    /// A `_dt` attribute that says another time than its twin.
    Twin,
    /// An observable whose name, value or type does not fit the event.
    Observable,
    /// A `metadata.uid` that another event has.
    Uid,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub kind: Kind,
    pub path: String,
    pub text: String,
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}: {}", self.kind, self.path, self.text)
    }
}
