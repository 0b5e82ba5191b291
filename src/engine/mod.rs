//! Puts the rooms together: a tenant becomes a catalog, a statement a stream of rows.

mod cached;
mod catalog;
mod columns;
mod copy;
mod cost;
mod credential;
#[cfg(feature = "sim")]
mod demo;
mod dialect;
mod duration;
mod grants;
mod graph_get;
mod guard;
mod guards;
mod health;
mod history;
mod interval;
mod lists;
mod members;
mod meta;
mod naming;
mod needs;
mod ocsf;
mod parameter;
mod place;
mod progress;
mod query;
mod reach;
mod receipt;
mod receipts;
mod safe;
mod session;
mod snapshot;
mod statement;
mod suggest;
mod tenant;
mod tokens;
mod tolerant;
mod views;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use datafusion::catalog::TableProvider;
use datafusion::prelude::SessionContext;

use crate::engine::catalog::Source;
use crate::engine::graph_get::GraphGet;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::GraphClient;
use crate::provider::{GraphTable, ScanCache};
use crate::tables;

#[cfg(feature = "sim")]
use crate::sim::Simulator;

/// Without the feature there is no simulator to own.
#[cfg(not(feature = "sim"))]
type Simulator = std::convert::Infallible;

pub use cached::CacheState;
pub use credential::Credential;
pub use grants::Grants;
pub use health::{AppCredential, TokenFacts, now, reach};
pub use needs::{Need, Needs};
pub use parameter::Parameters;
pub(crate) use parameter::unknown as unknown_parameter;
pub use progress::{Progress, ScanProgress, Snapshot};
pub use query::{Query, QueryOptions};
pub use receipt::Receipt;
pub(crate) use statement::is_complete;
pub use tenant::{Settings, Tenant};
#[cfg(feature = "repl")]
pub(crate) use tokens::{Lexed, Lexeme, lex};

pub use crate::auth::{Claims, Reach};
pub use crate::graph::{Entry as RequestEntry, Pacing};
pub use crate::provider::{CacheHit, ScanReceipt};

/// SQL over one tenant. Cloning is cheap and shares the session.
///
/// Opening sends nothing; a query sends its first request when its first batch is
/// asked for.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    context: SessionContext,
    client: Option<GraphClient>,
    hidden: statement::Hidden,
    guard: guard::Guard,
    history: Arc<history::History>,
    cache: Arc<ScanCache>,
    now: Option<DateTime<Utc>>,
    #[cfg(feature = "sim")]
    simulator: Option<Simulator>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("client", &self.inner.client).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens a tenant with the default settings.
    ///
    /// # Errors
    ///
    /// `Config` when an identifier or a URL cannot be right.
    pub async fn open(tenant: Tenant) -> Result<Self> {
        Self::open_with(tenant, Settings::default()).await
    }

    /// Opens a tenant.
    ///
    /// # Errors
    ///
    /// `Config` when an identifier or a URL cannot be right.
    pub async fn open_with(tenant: Tenant, settings: Settings) -> Result<Self> {
        let client = tenant.client(&settings)?;
        Self::assemble(&Source::Graph(Some(client)), settings.now, None).await
    }

    /// Opens the tables `entraql snapshot` has kept in a folder. There is no client: no
    /// query sends a request. A file that is missing, or no snapshot, is a `Config` error of
    /// the queries that read its table.
    ///
    /// # Errors
    ///
    /// `Config` when there is no such folder.
    pub async fn snapshot(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            let message = format!("there is no folder `{}`", folder.display());
            return Err(Error::new(ErrorKind::Config, message)
                .with_hint("`entraql snapshot DIR` keeps the tables of a tenant in one"));
        }
        Self::assemble(&Source::Snapshot(folder.to_owned()), None, None).await
    }

    /// Opens the demo tenant, which this build leaves out.
    ///
    /// # Errors
    ///
    /// `Config`, always.
    #[cfg(not(feature = "sim"))]
    #[expect(clippy::unused_async, reason = "the same call as with the feature")]
    pub async fn demo() -> Result<Self> {
        Err(Error::new(ErrorKind::Config, "this build has no demo tenant")
            .with_hint("build with the feature `sim`"))
    }

    /// Opens no tenant: `meta`, `DESCRIBE` and `EXPLAIN` work, a scan is a `Config` error.
    ///
    /// # Errors
    ///
    /// `Internal` when the catalog can't be built.
    pub async fn offline() -> Result<Self> {
        Self::assemble(&Source::Graph(None), None, None).await
    }

    async fn assemble(
        source: &Source,
        now: Option<DateTime<Utc>>,
        simulator: Option<Simulator>,
    ) -> Result<Self> {
        let history = Arc::new(history::History::default());
        let cache = Arc::new(ScanCache::default());
        let catalog = catalog::build(source).map_err(Error::from)?;
        let client = source.client().cloned();
        let context = session::context(Arc::clone(&catalog), &cache, GraphGet::of(source));
        ocsf::connect(&context);
        let views = views::register(&context).await.map_err(Error::from)?;
        let meta = meta::schema(client.as_ref(), &history, &cache, &views).map_err(Error::from)?;
        catalog.register_schema(catalog::META, meta).map_err(Error::from)?;
        let guard = guard::Guard::of(catalog.as_ref());
        let hidden = catalog::hidden();
        #[cfg(not(feature = "sim"))]
        let None = simulator;
        Ok(Self {
            inner: Arc::new(Inner {
                context,
                client,
                hidden,
                guard,
                history,
                cache,
                now,
                #[cfg(feature = "sim")]
                simulator,
            }),
        })
    }

    /// Returns the tables a snapshot is to hold, by the names of their files: if none is named,
    /// all but those that are read parent by parent; the view `all_sign_ins` where it is named.
    ///
    /// # Errors
    ///
    /// `Query` when there is no such table.
    pub fn snapshot_tables(&self, names: &[String]) -> Result<Vec<String>> {
        let (views, tables): (Vec<_>, Vec<_>) =
            names.iter().cloned().partition(|name| name == catalog::ALL_SIGN_INS);
        let tables = match tables.is_empty() && !views.is_empty() {
            true => Vec::new(),
            false => self.grants_for_tables(&tables)?.tables,
        };
        let is_listing = |name: &String| tables::find(name).is_none_or(|t| t.parent.is_none());
        let tables = tables.into_iter().filter(|name| !names.is_empty() || is_listing(name));
        Ok(tables.chain(views.into_iter().take(1)).collect())
    }

    /// Plans one statement. A query sends nothing until its first batch is asked for.
    ///
    /// # Errors
    ///
    /// `Query` for SQL that does not parse, plan or type, with a hint where one is known.
    pub async fn query(&self, sql: &str) -> Result<Query> {
        self.query_with(sql, &QueryOptions::default()).await
    }

    /// Plans one statement whose parameters have values, and perhaps one that only reads.
    ///
    /// A value is bound as a literal of its type: it is pushed down, and it is never SQL.
    ///
    /// # Errors
    ///
    /// As [`Engine::query`]; `Usage` for a parameter without a value, or the reverse.
    pub async fn query_with(&self, sql: &str, options: &QueryOptions) -> Result<Query> {
        let query = query::start(&self.inner, sql, options).await;
        query.map_err(|e| suggest::explain(&self.inner, sql, e))
    }

    /// Returns what a statement reads: tables, permissions, licenses. Sends nothing.
    ///
    /// # Errors
    ///
    /// As [`Engine::query_with`].
    pub async fn needs(&self, sql: &str, options: &QueryOptions) -> Result<Needs> {
        let needs = needs::of(&self.inner, sql, options).await;
        needs.map_err(|e| suggest::explain(&self.inner, sql, e))
    }

    /// Returns the names of the parameters in a text, each once, in order.
    pub fn parameters(&self, text: &str) -> Vec<String> {
        parameter::names(text)
    }

    /// Plans one query and returns it as a DataFusion `DataFrame`.
    ///
    /// Its requests are in `meta.requests`; it has no receipt of its own.
    ///
    /// # Errors
    ///
    /// As [`Engine::query`].
    pub async fn sql(&self, sql: &str) -> Result<datafusion::prelude::DataFrame> {
        let frame = query::data_frame(&self.inner, sql, &QueryOptions::default()).await;
        frame.map_err(|e| suggest::explain(&self.inner, sql, e))
    }

    /// Tells whether `EXPLAIN GRAPH` before a statement shows what it would ask of Graph:
    /// not before a `SET`, which asks nothing.
    ///
    /// # Errors
    ///
    /// `Query` for SQL that does not parse.
    pub fn has_cost(&self, sql: &str) -> Result<bool> {
        cost::has_cost(sql).map_err(|e| suggest::explain(&self.inner, sql, e))
    }

    /// Splits a text into statements. A `;` in a string or a comment never splits.
    ///
    /// # Errors
    ///
    /// `Query` when the text has no tokens, such as an unterminated string.
    pub fn split(&self, text: &str) -> Result<Vec<String>> {
        Ok(self.spans(text)?.into_iter().map(|at| text[at].to_owned()).collect())
    }

    /// Returns the bytes of each statement of a text, as [`Engine::split`] does its texts.
    ///
    /// # Errors
    ///
    /// As [`Engine::split`].
    pub fn spans(&self, text: &str) -> Result<Vec<Range<usize>>> {
        statement::split(text)
    }

    /// Tells whether a text ends with a `;`, outside strings and comments.
    pub fn is_complete(&self, text: &str) -> bool {
        is_complete(text)
    }

    /// Returns the name of every setting, as `SET` takes it.
    #[cfg(feature = "repl")]
    pub(crate) fn setting_names(&self) -> Vec<String> {
        guard::settings(&self.context().state()).map(|option| option.key).collect()
    }

    /// Sets an option of the session, as `SET name = value` does.
    ///
    /// # Errors
    ///
    /// `Usage` when there is no such option, or the value does not fit it.
    pub fn set(&self, name: &str, value: &str) -> Result<()> {
        let state = self.inner.context.state_ref();
        let mut state = state.write();
        state.config_mut().options_mut().set(name, value).map_err(|error| {
            let error = Error::from_datafusion(error);
            let hint = error.hint().map(str::to_owned);
            let error = Error::new(ErrorKind::Usage, error.message());
            hint.into_iter().fold(error, Error::with_hint)
        })
    }

    /// Forgets the rows kept by `entra.cache_ttl`: the next scan of each table asks again.
    pub fn clear_cache(&self) {
        self.inner.cache.clear();
    }

    /// Returns how the cache is set and what it holds.
    pub fn cache(&self) -> CacheState {
        CacheState::of(&self.inner)
    }

    /// Returns the DataFusion session, with the tenant as catalog `entra`.
    pub fn context(&self) -> &SessionContext {
        &self.inner.context
    }

    /// Returns the client, where a tenant is open.
    pub fn client(&self) -> Option<&GraphClient> {
        self.inner.client.as_ref()
    }

    /// Returns a table for a session of the caller's own.
    ///
    /// It has the columns `SELECT *` gives here, because a foreign session knows no
    /// hidden columns.
    ///
    /// # Errors
    ///
    /// `Query` when there is no such table.
    pub fn table(&self, name: &str) -> Result<Arc<dyn TableProvider>> {
        let spec = tables::find(name).ok_or_else(|| {
            let error = Error::new(ErrorKind::Query, format!("there is no table `{name}`"));
            suggest::with_table_hint(error, name, self.context())
        })?;
        Ok(Arc::new(GraphTable::visible(spec, self.inner.client.clone())))
    }
}
