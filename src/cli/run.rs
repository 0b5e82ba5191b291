//! `entraql run NAME`: a saved query, with its parameters.

use crate::cli::args::Options;
use crate::cli::parameters;
use crate::cli::queries::library;
use crate::cli::query::with_run;
use crate::cli::script::Script;
use crate::engine::QueryOptions;
use crate::error::Result;
use crate::saved::values;

/// Finds the query, fills its parameters, and runs it.
///
/// A saved query reads, whoever wrote it: it is always run in safe mode.
pub(super) async fn run(options: &Options, name: &str) -> Result<()> {
    let library = library(options.quiet)?;
    let query = library.find(name)?;
    let given = parameters::given(&options.running)?;
    query.check()?;
    let parameters = values(&query.header.parameters, &given)
        .map_err(|error| error.with_context("query", query.name.clone()))?;
    let running = QueryOptions { parameters, safe: true };
    with_run(options, async |run| run.saved(&Script::saved(query), &running).await).await
}
