//! One column: its name, its type, and what Graph can do with it.

use crate::spec::Version;
use crate::spec::ops::{NONE, Ops};

/// The shape of a property, which decides the Arrow type of its column.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `Utf8`.
    Text,
    /// `Boolean`.
    Flag,
    /// `Int32`.
    Integer,
    /// `Int64`.
    Long,
    /// `Float64`.
    Double,
    /// `Timestamp(Microsecond, "UTC")`.
    Time,
    /// `Utf8` holding JSON: an object of open shape.
    Json,
    /// `Utf8` holding the whole object as Graph sent it.
    Raw,
    /// `Struct`.
    Record(&'static [Column]),
    /// `List` of the inner kind.
    List(&'static Kind),
}

/// When Graph sends a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// Without being asked.
    Always,
    /// Only when `$select` names it.
    OnSelect,
    /// Only when one object is read by its id.
    OneAtATime,
    /// Only when `$expand` names it: a related object, with the fields of the record.
    Expanded,
    /// Never: it is the id of the parent, which is in the path.
    Parent,
}

/// One column of a table, or one field of a record.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each flag is a word of a declaration")]
pub struct Column {
    /// Snake case of the Graph property.
    pub name: &'static str,
    /// What it holds, in at most 15 words and a full stop.
    pub about: &'static str,
    /// Its shape.
    pub kind: Kind,
    /// The operators real Graph accepts in `$filter`.
    pub ops: Ops,
    /// The operators among them that need the advanced-query header and `$count=true`.
    pub advanced: Ops,
    /// The operators accepted on the beta endpoint beyond `ops`.
    pub beta_ops: Ops,
    /// The Graph property where it is not the camel case of the name.
    pub property: Option<&'static str>,
    /// The members Graph documents for an enumeration; others pass through as text.
    pub members: &'static [&'static str],
    /// When Graph sends it.
    pub served: Served,
    /// Served by the beta endpoint only.
    pub beta: bool,
    /// Served by v1.0 only.
    pub v1_only: bool,
    /// Never null in a reply.
    pub required: bool,
    /// A permission needed beyond the table's own.
    pub permission: Option<&'static str>,
    /// A license needed beyond the table's own.
    pub license: Option<&'static str>,
    /// Works only without the advanced-query parameters.
    pub default_only: bool,
    /// Cannot share a `$filter` with any other property.
    pub exclusive: bool,
    /// Takes one value: no `or`, no `in`.
    pub single_value: bool,
    /// Largest page Graph serves when this property is selected.
    pub page_cap: Option<u32>,
    /// `$orderby` is accepted.
    pub sortable: bool,
    /// `$orderby` is accepted, but only with the advanced-query header and `$count=true`.
    pub sortable_advanced: bool,
    /// Left out of `SELECT *`, because naming it has a price.
    pub hidden: bool,
}

const fn column(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column {
        name,
        about,
        kind,
        ops: NONE,
        advanced: NONE,
        beta_ops: NONE,
        property: None,
        members: &[],
        served: Served::Always,
        beta: false,
        v1_only: false,
        required: false,
        permission: None,
        license: None,
        default_only: false,
        exclusive: false,
        single_value: false,
        page_cap: None,
        sortable: false,
        sortable_advanced: false,
        hidden: false,
    }
}

/// Text (`Utf8`).
pub const fn text(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Text, about)
}

/// An enumeration, as open text (`Utf8`): members Graph adds later pass through.
pub const fn choice(
    name: &'static str,
    members: &'static [&'static str],
    about: &'static str,
) -> Column {
    Column { members, ..column(name, Kind::Text, about) }
}

/// True or false (`Boolean`).
pub const fn flag(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Flag, about)
}

/// A 32-bit number (`Int32`).
pub const fn integer(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Integer, about)
}

/// A 64-bit number (`Int64`).
pub const fn long(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Long, about)
}

/// A floating-point number (`Float64`).
pub const fn double(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Double, about)
}

/// An instant (`Timestamp(Microsecond, "UTC")`).
pub const fn time(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Time, about)
}

/// A list of texts (`List<Utf8>`).
pub const fn texts(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::List(&Kind::Text), about)
}

/// An object of closed shape (`Struct`).
pub const fn record(name: &'static str, fields: &'static [Column], about: &'static str) -> Column {
    column(name, Kind::Record(fields), about)
}

/// A list of anything; for a list of records pass `&Kind::Record(FIELDS)`.
pub const fn list(name: &'static str, item: &'static Kind, about: &'static str) -> Column {
    column(name, Kind::List(item), about)
}

/// An object of open shape, as JSON text (`Utf8`).
pub const fn json(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Json, about)
}

/// The id of the object a row belongs to (`Utf8`), where each has rows of its own.
pub const fn parent(name: &'static str, about: &'static str) -> Column {
    Column { served: Served::Parent, required: true, ..text(name, about) }
}

/// The object as Graph sent it, as JSON text (`Utf8`).
pub const fn raw() -> Column {
    column("raw", Kind::Raw, "The object as received, as JSON text.").hidden()
}

impl Column {
    /// Declares the operators Graph accepts.
    pub const fn filter(mut self, ops: Ops) -> Self {
        self.ops = ops;
        self
    }

    /// Declares which of them need the advanced-query header and `$count=true`.
    pub const fn advanced(mut self, ops: Ops) -> Self {
        self.advanced = ops;
        self
    }

    /// Declares operators that Graph documents for the beta endpoint only.
    pub const fn filter_on_beta(mut self, ops: Ops) -> Self {
        self.beta_ops = ops;
        self
    }

    /// Names the Graph property where the mechanical camel case is wrong.
    pub const fn property(mut self, name: &'static str) -> Self {
        self.property = Some(name);
        self
    }

    /// Names the documented members of an enumeration held in a list.
    pub const fn members(mut self, members: &'static [&'static str]) -> Self {
        self.members = members;
        self
    }

    /// Graph sends it only when `$select` names it.
    pub const fn on_select(mut self) -> Self {
        self.served = Served::OnSelect;
        self
    }

    /// Graph sends it only for one object read by its id. Left out of `SELECT *`.
    pub const fn one_at_a_time(mut self) -> Self {
        self.served = Served::OneAtATime;
        self.hidden()
    }

    /// A related object that comes with `$expand`, which rules advanced queries out. Left out
    /// of `SELECT *`.
    pub const fn expanded(mut self) -> Self {
        self.served = Served::Expanded;
        self.hidden()
    }

    /// Only the beta endpoint serves it. Left out of `SELECT *` where the table is v1.0.
    pub const fn beta(mut self) -> Self {
        self.beta = true;
        self
    }

    /// Only v1.0 serves it. Not a column of a table that always reads beta.
    pub const fn v1_only(mut self) -> Self {
        self.v1_only = true;
        self
    }

    /// Never null in a reply, by Graph's schema.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Needs a permission beyond the table's own. Left out of `SELECT *`.
    pub const fn permission(mut self, permission: &'static str) -> Self {
        self.permission = Some(permission);
        self.hidden()
    }

    /// Needs a license beyond the table's own. Left out of `SELECT *`.
    pub const fn license(mut self, license: &'static str) -> Self {
        self.license = Some(license);
        self.hidden()
    }

    /// Works only without the advanced-query parameters.
    pub const fn default_only(mut self) -> Self {
        self.default_only = true;
        self
    }

    /// Cannot share a `$filter` with another property.
    pub const fn exclusive(mut self) -> Self {
        self.exclusive = true;
        self
    }

    /// Takes one value: Graph documents no `or` and no `in` on it.
    pub const fn single_value(mut self) -> Self {
        self.single_value = true;
        self
    }

    /// Selecting it caps the page size.
    pub const fn page_cap(mut self, rows: u32) -> Self {
        self.page_cap = Some(rows);
        self
    }

    /// `$orderby` is accepted.
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// `$orderby` is accepted with the advanced-query header and `$count=true` only.
    pub const fn sortable_advanced(mut self) -> Self {
        self.sortable_advanced = true;
        self
    }

    /// Leaves it out of `SELECT *`.
    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Returns the operators accepted by an API version.
    pub const fn ops_on(&self, version: Version) -> Ops {
        match version {
            Version::V1 => self.ops,
            Version::Beta => self.ops.and(self.beta_ops),
        }
    }

    /// Tells whether reading it as well takes no request, page, permission or license more.
    pub const fn is_free(&self) -> bool {
        self.permission.is_none()
            && self.license.is_none()
            && self.page_cap.is_none()
            && !matches!(self.served, Served::OneAtATime | Served::Expanded)
    }

    /// Returns the fields of a record, or of the records in a list.
    pub fn fields(&self) -> &'static [Column] {
        match self.kind {
            Kind::Record(fields) => fields,
            Kind::List(Kind::Record(fields)) => fields,
            _ => &[],
        }
    }
}
