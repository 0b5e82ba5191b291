//! What the tables of eligible and of assigned directory roles share.

pub(super) const MEMBER_TYPES: &[&str] = &["Direct", "Group", "Inherited"];
