//! `graph_get('/path?query' [, version])`: what no table models, by the same client.

use std::sync::{Arc, LazyLock};

use datafusion::catalog::{TableFunctionArgs, TableFunctionImpl, TableProvider};
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::logical_expr::Expr;

use crate::engine::catalog::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::GraphClient;
use crate::provider::OpenTable;
use crate::spec::{Bucket, Column, License, TableSpec, Version, text};
use crate::tables;

/// The name of the function.
pub(super) const GRAPH_GET: &str = "graph_get";

/// Where a path is counted, and the resource units of a request there. The longest that fits
/// holds, `{}` fits any part; paths below count with it. What no page names is taken to be
/// a directory object.
///
/// <https://learn.microsoft.com/graph/throttling-limits>
const LIMITS: &[(&str, Bucket, u32)] = &[
    ("/applications", Bucket::Directory, 2),
    ("/auditLogs", Bucket::Reports, 1),
    ("/contracts", Bucket::Directory, 3),
    ("/deviceAppManagement", Bucket::Intune, 1),
    ("/deviceManagement", Bucket::Intune, 1),
    ("/domains/{}/domainNameReferences", Bucket::Directory, 4),
    ("/groups/{}/members", Bucket::Directory, 3),
    ("/groups/{}/transitiveMembers", Bucket::Directory, 5),
    ("/identity/conditionalAccess", Bucket::IdentityProtection, 1),
    ("/identityProtection", Bucket::IdentityProtection, 1),
    ("/oauth2PermissionGrants", Bucket::Directory, 2),
    ("/reports", Bucket::Reports, 1),
    ("/security", Bucket::Security, 1),
    ("/servicePrincipals/{}/appRoleAssignments", Bucket::Directory, 2),
    ("/subscribedSkus", Bucket::Directory, 3),
    ("/users", Bucket::Directory, 2),
    ("/users/{}/authentication", Bucket::Reports, 1),
];

/// What is known about a path and those below it.
struct Known {
    parts: Vec<&'static str>,
    /// Parts a path may have beyond these.
    below: usize,
    spec: TableSpec,
}

impl Known {
    fn new(path: &'static str, below: usize, spec: &TableSpec) -> Self {
        Self { parts: path.split('/').skip(1).collect(), below, spec: *spec }
    }

    fn fits(&self, path: &[String]) -> bool {
        let is = |(mine, other): (&&str, &String)| {
            mine.starts_with('{') || mine.eq_ignore_ascii_case(other)
        };
        let more = path.len().checked_sub(self.parts.len());
        more.is_some_and(|more| more <= self.below) && self.parts.iter().zip(path).all(is)
    }
}

/// The tables' paths with what reading them asks for, then the limits of the rest.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let of_table = |table: &&'static TableSpec| {
        let spec = limited(table.bucket, table.units);
        let spec = spec.permissions(table.permissions).license(table.license);
        Known::new(table.path, 1, &spec)
    };
    let of_limit = |(path, bucket, units): &(&'static str, Bucket, u32)| {
        Known::new(path, usize::MAX, &limited(*bucket, *units))
    };
    tables::ALL.iter().map(of_table).chain(LIMITS.iter().map(of_limit)).collect()
});

const COLUMNS: &[Column] = &[text("id", "The id of the object, where it has one.")];

static ANYTHING: TableSpec = limited(Bucket::Directory, 1);

const fn limited(bucket: Bucket, units: u32) -> TableSpec {
    let spec = TableSpec::collection(GRAPH_GET, "")
        .about("What Graph answers to one path.")
        .license(License::Unknown)
        .no_top()
        .no_select()
        .units(units)
        .columns(COLUMNS);
    match bucket {
        Bucket::Directory => spec.directory(units),
        other => spec.bucket(other),
    }
}

/// Returns what is known about a path: of the longest that fit, a table before a limit.
fn known(path: &[String]) -> &'static TableSpec {
    let fitting = KNOWN.iter().filter(|known| known.fits(path));
    let longest = fitting.rev().max_by_key(|known| known.parts.len());
    longest.map_or(&ANYTHING, |known| &known.spec)
}

/// The table function.
#[derive(Debug)]
pub(super) struct GraphGet {
    client: Option<GraphClient>,
    /// The rows of the session come from files.
    is_offline: bool,
}

impl GraphGet {
    /// Asks what a catalog asks.
    pub(super) fn of(source: &Source) -> Self {
        let is_offline = matches!(source, Source::Snapshot(_));
        Self { client: source.client().cloned(), is_offline }
    }

    fn table(&self, arguments: &[Expr]) -> Result<OpenTable> {
        let (path, version) = match arguments {
            [path] => (literal(path)?, Version::V1),
            [path, version] => (literal(path)?, version_of(&literal(version)?)?),
            _ => return Err(misused()),
        };
        if self.is_offline {
            return Err(Error::new(
                ErrorKind::Config,
                "`graph_get` asks Graph, and here rows come from files",
            )
            .with_hint("run it without `--offline`"));
        }
        OpenTable::new(&path, version, known, self.client.clone())
    }
}

fn literal(argument: &Expr) -> Result<String> {
    let text = match argument {
        Expr::Literal(value, _) => value.try_as_str().flatten(),
        _ => None,
    };
    text.map(str::to_owned).ok_or_else(misused)
}

fn version_of(text: &str) -> Result<Version> {
    let all = [Version::V1, Version::Beta];
    all.into_iter().find(|version| version.segment() == text).ok_or_else(|| {
        Error::new(ErrorKind::Query, format!("there is no API version '{text}'"))
            .with_hint("'v1.0', which needs not be said, or 'beta'")
    })
}

fn misused() -> Error {
    Error::new(ErrorKind::Query, "`graph_get` takes a path, and a version if wanted, as texts")
        .with_hint("graph_get('/users?$top=5') or graph_get('/users', 'beta')")
}

impl TableFunctionImpl for GraphGet {
    fn call_with_args(
        &self,
        arguments: TableFunctionArgs<'_, '_>,
    ) -> DataFusionResult<Arc<dyn TableProvider>> {
        let table = self.table(arguments.exprs()).map_err(DataFusionError::from)?;
        Ok(Arc::new(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> &'static TableSpec {
        known(&path.split('/').skip(1).map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_path_is_counted_where_graph_counts_it() {
        let counted = |path| (of(path).bucket, of(path).units);
        assert_eq!(counted("/auditLogs/provisioning"), (Bucket::Reports, 1));
        assert_eq!(counted("/AUDITLOGS/signins"), (Bucket::Reports, 1));
        assert_eq!(
            counted("/identityProtection/riskDetections/x/y"),
            (Bucket::IdentityProtection, 1)
        );
        assert_eq!(counted("/security/secureScores"), (Bucket::Security, 1));
        assert_eq!(counted("/deviceManagement/managedDevices/x"), (Bucket::Intune, 1));
        assert_eq!(counted("/users/x/authentication/methods"), (Bucket::Reports, 1));
        assert_eq!(
            counted("/groups/x/transitiveMembers/microsoft.graph.user"),
            (Bucket::Directory, 5)
        );
        assert_eq!(counted("/users/x/messages"), (Bucket::Directory, 2));
        assert_eq!(counted("/nobody/knows"), (Bucket::Directory, 1));
    }

    #[test]
    fn permissions_are_named_for_the_paths_of_tables_and_their_rows_only() {
        for path in ["/users", "/Users", "/users/x", "/auditLogs/signIns"] {
            assert!(!of(path).permissions.is_empty(), "{path}");
        }
        for path in ["/users/x/messages", "/sites", "/auditLogs"] {
            assert!(of(path).permissions.is_empty(), "{path}");
            assert_eq!(of(path).license, License::Unknown, "{path}");
        }
    }
}
