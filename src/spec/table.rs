//! One table: where its rows come from and what reading them needs.

use crate::spec::{Column, RAW, Served};

/// The API version a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `/v1.0`.
    V1,
    /// `/beta`.
    Beta,
}

impl Version {
    /// Returns the path segment.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// The throttle bucket a resource draws from.
///
/// <https://learn.microsoft.com/graph/throttling-limits>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Sign-ins, audits, reports: 5 requests per 10 s per app and tenant.
    Reports,
    /// Risk and conditional access: 1 request per second per tenant.
    IdentityProtection,
    /// Directory objects: resource units per 10 s.
    Directory,
    /// Alerts and incidents: 150 requests per minute per app and tenant.
    Security,
    /// Devices under management: Microsoft names no number.
    Intune,
}

impl Bucket {
    /// Returns the name used in receipts and errors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reports => "identity-reports",
            Self::IdentityProtection => "identity-protection",
            Self::Directory => "directory",
            Self::Security => "security",
            Self::Intune => "intune",
        }
    }
}

/// The license a tenant needs before Graph serves a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum License {
    /// Nobody has said which.
    Unknown,
    /// Any edition, the free one included.
    Any,
    /// Entra ID P1 or P2.
    P1,
    /// Entra ID P2.
    P2,
    /// Entra Workload ID Premium.
    WorkloadId,
    /// Entra ID Governance, or P2.
    Governance,
    /// Intune.
    Intune,
}

impl License {
    /// Returns the words used in documents and errors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Any => "any Entra ID edition",
            Self::P1 => "Entra ID P1 or P2",
            Self::P2 => "Entra ID P2",
            Self::WorkloadId => "Entra Workload ID Premium",
            Self::Governance => "Entra ID Governance or P2",
            Self::Intune => "Intune",
        }
    }
}

/// A query worth trying: what it answers, and the SQL.
pub type Example = (&'static str, &'static str);

/// One table, as a value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each flag is a word of a declaration")]
pub struct TableSpec {
    /// Plural snake case.
    pub name: &'static str,
    /// Path of the collection below the version segment, with a leading slash. `{user_id}` in
    /// it is the id of a parent, by the name of its column.
    pub path: &'static str,
    /// The table whose objects have the rows, where each has its own.
    pub parent: Option<&'static TableSpec>,
    /// What a row is.
    pub about: &'static str,
    /// Microsoft's page on the resource.
    pub page: &'static str,
    /// The version a plain scan reads.
    pub version: Version,
    /// The key column.
    pub key: &'static str,
    /// Whether the path is one object, so that the table has one row.
    pub single: bool,
    /// Whether `path/{key}` returns one object.
    pub get_by_key: bool,
    /// Application permissions, least privileged first; any one is enough.
    pub permissions: &'static [&'static str],
    /// The license the tenant needs.
    pub license: License,
    /// Where its requests are counted.
    pub bucket: Bucket,
    /// Resource units of one request, before adjustments.
    pub units: u32,
    /// Rows Graph serves in a page when not asked for more.
    pub page_default: u32,
    /// Rows asked for with `$top`.
    pub page_size: u32,
    /// Whether Graph accepts `$select`.
    pub select: bool,
    /// Whether Graph accepts `$top`.
    pub top: bool,
    /// Directory objects only: advanced queries, and an `or` across properties.
    pub directory: bool,
    /// Whether the path ends in a type, so that every query has to be an advanced one.
    pub cast: bool,
    /// Whether `path/$count` is the number of rows.
    pub counted: bool,
    /// What `getByIds` calls its objects, where it knows them.
    pub by_ids: Option<&'static str>,
    /// Whether `$filter` takes `in`; an `or` of `eq` is sent where it does not.
    pub takes_in: bool,
    /// Whether a `$filter` may be ignored without a word, so that no answer is taken as exact.
    pub ignores_filter: bool,
    /// The column Graph lists newest first by.
    pub newest_first: Option<&'static str>,
    /// Whether `$orderby` turns that order around.
    pub oldest_first: bool,
    /// Days the log reaches back at most.
    pub retention_days: Option<u32>,
    /// A `$filter` every request carries.
    pub fixed_filter: Option<&'static str>,
    /// A guess at the number of rows, for join order only.
    pub rows_guess: usize,
    /// Another name, as a view.
    pub alias: Option<&'static str>,
    /// The table to read instead, once Graph no longer serves this path.
    pub replaced_by: Option<&'static str>,
    /// The table that tells the same of the objects this one's rows name, where Graph has
    /// it from both sides.
    pub other_side: Option<&'static TableSpec>,
    /// The columns, key first.
    pub columns: &'static [Column],
    /// Queries worth trying.
    pub examples: &'static [Example],
}

impl TableSpec {
    /// A collection whose rows are the members of one Graph path.
    pub const fn collection(name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            path,
            parent: None,
            about: "",
            page: "",
            version: Version::V1,
            key: "id",
            single: false,
            get_by_key: false,
            permissions: &[],
            license: License::Any,
            bucket: Bucket::Directory,
            units: 1,
            page_default: 100,
            page_size: 999,
            select: true,
            top: true,
            directory: false,
            cast: false,
            counted: false,
            by_ids: None,
            takes_in: false,
            ignores_filter: false,
            newest_first: None,
            oldest_first: false,
            retention_days: None,
            fixed_filter: None,
            rows_guess: 10_000,
            alias: None,
            replaced_by: None,
            other_side: None,
            columns: &[],
            examples: &[],
        }
    }

    /// One object, the only one of its kind: a table of one row.
    pub const fn single(name: &'static str, path: &'static str) -> Self {
        let table = Self::collection(name, path).no_top().rows_guess(1);
        Self { single: true, ..table }
    }

    /// Each row of another table has rows here, below a path of its own. Its key stands in the
    /// path, under the name of the first column (the first columns, if it has parents, too).
    pub const fn per(mut self, parent: &'static TableSpec) -> Self {
        self.parent = Some(parent);
        self
    }

    /// The key column, where it is not `id`.
    pub const fn key(mut self, column: &'static str) -> Self {
        self.key = column;
        self
    }

    /// Says what a row is.
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// Links Microsoft's page on the resource.
    pub const fn page(mut self, url: &'static str) -> Self {
        self.page = url;
        self
    }

    /// Reads the beta endpoint always.
    pub const fn beta(mut self) -> Self {
        self.version = Version::Beta;
        self
    }

    /// `path/{key}` returns one object, so `=` on the key is one direct get.
    pub const fn get_by_key(mut self) -> Self {
        self.get_by_key = true;
        self
    }

    /// Application permissions, least privileged first; any one is enough.
    pub const fn permissions(mut self, permissions: &'static [&'static str]) -> Self {
        self.permissions = permissions;
        self
    }

    /// The license the tenant needs.
    pub const fn license(mut self, license: License) -> Self {
        self.license = license;
        self
    }

    /// A directory object: resource units, advanced queries, `in`.
    pub const fn directory(mut self, units: u32) -> Self {
        self.directory = true;
        self.takes_in = true;
        self.bucket = Bucket::Directory;
        self.units = units;
        self
    }

    /// The path ends in a type: whatever is asked for, the query is an advanced one.
    ///
    /// <https://learn.microsoft.com/graph/aad-advanced-queries>
    pub const fn cast(mut self) -> Self {
        self.cast = true;
        self
    }

    /// `path/$count` is the number of rows, as text, in an advanced query.
    ///
    /// <https://learn.microsoft.com/graph/aad-advanced-queries>
    pub const fn counted(mut self) -> Self {
        self.counted = true;
        self
    }

    /// `getByIds` brings its objects, which it calls so.
    ///
    /// <https://learn.microsoft.com/graph/api/directoryobject-getbyids>
    pub const fn by_ids(mut self, kind: &'static str) -> Self {
        self.by_ids = Some(kind);
        self
    }

    /// Resource units of one request; one where nothing is said.
    pub const fn units(mut self, units: u32) -> Self {
        self.units = units;
        self
    }

    /// `$filter` takes `in`, though these are no directory objects.
    pub const fn takes_in(mut self) -> Self {
        self.takes_in = true;
        self
    }

    /// A `$filter` may be ignored without a word: no answer is taken as exact.
    pub const fn ignores_filter(mut self) -> Self {
        self.ignores_filter = true;
        self
    }

    /// Counted in another bucket than the directory's.
    pub const fn bucket(mut self, bucket: Bucket) -> Self {
        self.bucket = bucket;
        self
    }

    /// Rows per page: what Graph serves unasked, and what is asked for with `$top`.
    pub const fn page_size(mut self, default: u32, asked: u32) -> Self {
        self.page_default = default;
        self.page_size = asked;
        self
    }

    /// Graph refuses `$select` here.
    pub const fn no_select(mut self) -> Self {
        self.select = false;
        self
    }

    /// Graph takes no `$top` here, so it decides how long a page is.
    pub const fn no_top(mut self) -> Self {
        self.top = false;
        self
    }

    /// Graph lists newest first by this column.
    pub const fn newest_first(mut self, column: &'static str) -> Self {
        self.newest_first = Some(column);
        self
    }

    /// `$orderby` on the column of [`TableSpec::newest_first`] lists from the other end.
    ///
    /// <https://learn.microsoft.com/graph/api/resources/signin>
    pub const fn oldest_first(mut self) -> Self {
        self.oldest_first = true;
        self
    }

    /// Days the log reaches back at most.
    pub const fn retention_days(mut self, days: u32) -> Self {
        self.retention_days = Some(days);
        self
    }

    /// A `$filter` every request carries.
    pub const fn fixed_filter(mut self, filter: &'static str) -> Self {
        self.fixed_filter = Some(filter);
        self
    }

    /// A guess at the number of rows, for join order only.
    pub const fn rows_guess(mut self, rows: usize) -> Self {
        self.rows_guess = rows;
        self
    }

    /// Another name, as a view.
    pub const fn alias(mut self, name: &'static str) -> Self {
        self.alias = Some(name);
        self
    }

    /// The table to read instead: Microsoft has announced that this path goes away.
    pub const fn replaced_by(mut self, table: &'static str) -> Self {
        self.replaced_by = Some(table);
        self
    }

    /// The table that tells the same from the other side.
    pub const fn other_side(mut self, table: &'static TableSpec) -> Self {
        self.other_side = Some(table);
        self
    }

    /// The columns, key first.
    pub const fn columns(mut self, columns: &'static [Column]) -> Self {
        self.columns = columns;
        self
    }

    /// Queries worth trying.
    pub const fn examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }

    /// Returns the columns this table has, in order, without `raw`: where no object can be
    /// had by its key, those that come one at a time and related objects are left out; where
    /// the path ends in a type, those that no advanced query may ask for.
    pub fn columns_served(&self) -> impl Iterator<Item = &'static Column> {
        let (beta, by_key) = (self.version == Version::Beta, self.get_by_key);
        let cast = self.cast;
        let alone = |c: &Column| matches!(c.served, Served::OneAtATime | Served::Expanded);
        let served = move |c: &Column| (by_key || !alone(c)) && !(cast && c.default_only);
        self.columns.iter().filter(move |c| !(c.v1_only && beta) && served(c))
    }

    /// Returns the columns that hold the ids of the parents, outermost first.
    pub fn parents(&self) -> impl Iterator<Item = &'static Column> {
        self.columns_served().filter(|column| column.served == Served::Parent)
    }

    /// Returns the columns that tell a row from every other: the parents and the key.
    pub fn identity(&self) -> Vec<&'static Column> {
        let key = self.columns_served().filter(|c| c.name == self.key);
        let key = key.filter(|column| column.served != Served::Parent);
        self.parents().chain(key).collect()
    }

    /// Finds a column by its SQL name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns_served().chain(std::iter::once(&RAW)).find(|c| c.name == name)
    }

    /// Tells whether `SELECT *` leaves the column out, because naming it has a price.
    pub fn hides(&self, column: &Column) -> bool {
        column.hidden || (column.beta && self.version == Version::V1)
    }
}
