//! What `entraql doctor` asks. Everything here reads, and says what it has found out.

use std::time::Duration;

use chrono::{DateTime, Utc};
use datafusion::arrow::array::{ArrayRef, AsArray};
use serde::Deserialize;

use crate::auth::{self, Claims, Reach, SystemClock};
use crate::engine::{Credential, Engine, Tenant};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Request;
use crate::spec::{Bucket, Column, TableSpec};
use crate::tables;

/// A token that was fetched, and what it says.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    /// How long the fetch took.
    pub took: Duration,
    /// What can be read in it.
    pub claims: Option<Claims>,
}

/// A secret or certificate of the app registration, as Graph lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppCredential {
    /// The name an administrator gave it.
    pub name: String,
    /// When it stops working; some certificates never do.
    pub ends: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Application {
    #[serde(default)]
    password_credentials: Vec<Listed>,
    #[serde(default)]
    key_credentials: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    display_name: Option<String>,
    hint: Option<String>,
    end_date_time: Option<String>,
}

/// Connects to an origin and compares clocks. One request, without a token.
///
/// # Errors
///
/// `Unavailable`, with the layer that failed: DNS, TCP or TLS.
pub async fn reach(origin: &str) -> Result<Reach> {
    auth::reach(origin, SystemClock::shared().as_ref()).await
}

/// The time everything here is measured by.
pub fn now() -> DateTime<Utc> {
    SystemClock::shared().utc()
}

impl Engine {
    /// Fetches a token, unless there is one. Up to one request.
    ///
    /// # Errors
    ///
    /// Those of the token source; `Config` without a tenant.
    pub async fn token_facts(&self) -> Result<TokenFacts> {
        let client = self.client().ok_or_else(no_tenant)?;
        let clock = SystemClock::shared();
        let begun = clock.now();
        let claims = client.claims().await?;
        Ok(TokenFacts { took: clock.now().duration_since(begun), claims })
    }

    /// Reads one row of a table, or one page where Graph takes no `$top`: what Graph answers
    /// is the truth about permissions and licenses. One request, and one for the first parent
    /// of a table that has some: who has no rows does not count.
    ///
    /// # Errors
    ///
    /// As [`Engine::query`], and whatever Graph refuses.
    pub async fn probe(&self, table: &str) -> Result<u64> {
        let spec = tables::find(table)
            .ok_or_else(|| Error::new(ErrorKind::Query, format!("there is no table `{table}`")))?;
        Ok(self.first(spec).await?.map_or(0, |_| 1))
    }

    /// Returns what tells the first row of a table apart; nothing where there is none.
    async fn first(&self, spec: &'static TableSpec) -> Result<Option<Vec<String>>> {
        let mut pinned = Vec::new();
        if let Some(parent) = spec.parent {
            let Some(ids) = Box::pin(self.first(parent)).await? else { return Ok(None) };
            let pin = |(column, id): (&Column, String)| {
                format!("{} = '{}'", column.name, id.replace('\'', "''"))
            };
            pinned = spec.parents().zip(ids).map(pin).collect();
        }
        let columns: Vec<_> = spec.identity().iter().map(|column| column.name).collect();
        let filter = if pinned.is_empty() { "true".to_owned() } else { pinned.join(" AND ") };
        let (columns, table) = (columns.join(", "), spec.name);
        let sql = format!("SELECT {columns} FROM entra.graph.{table} WHERE {filter} LIMIT 1");
        let mut query = self.query(&sql).await?;
        let Some(batch) = query.next().await?.filter(|batch| batch.num_rows() > 0) else {
            return Ok(None);
        };
        let id = |column: &ArrayRef| column.as_string::<i32>().value(0).to_owned();
        Ok(Some(batch.columns().iter().map(id).collect()))
    }

    /// Returns the credentials of the app registration that may be the one in use: those
    /// whose hint fits the secret, or all certificates. `None` when the app lives in another
    /// tenant. One request.
    ///
    /// # Errors
    ///
    /// `Permission` without `Application.Read.All`.
    ///
    /// <https://learn.microsoft.com/graph/api/application-get>
    pub async fn app_credentials(&self, tenant: &Tenant) -> Result<Option<Vec<AppCredential>>> {
        let client = self.client().ok_or_else(no_tenant)?;
        let target = format!(
            "/v1.0/applications(appId='{}')?$select=displayName,passwordCredentials,keyCredentials",
            tenant.client_id
        );
        let permissions = &["Application.Read.All"];
        let request =
            Request { permissions, ..Request::new(target, Bucket::Directory, "applications") };
        let Some(reply) = client.get_optional(&request).await? else { return Ok(None) };
        let read = serde_json::from_slice::<Application>(&reply.body);
        let app = read.map_err(|error| {
            Error::new(ErrorKind::Malformed, "the app registration cannot be read")
                .with_source(error)
        })?;
        app.in_use(&tenant.credential).map(Some)
    }
}

impl Application {
    fn in_use(self, credential: &Credential) -> Result<Vec<AppCredential>> {
        let own = match credential {
            Credential::ClientSecret(secret) => {
                let fits = |listed: &Listed| {
                    listed.hint.as_deref().is_some_and(|hint| auth::begins_with(secret, hint))
                };
                self.password_credentials.into_iter().filter(fits).collect()
            }
            Credential::Certificate(_) => self.key_credentials,
            _ => Vec::new(),
        };
        let shown = |listed: Listed| {
            let ends = listed.end_date_time.as_deref().map(DateTime::parse_from_rfc3339);
            let ends = ends.transpose().map_err(|error| {
                Error::new(ErrorKind::Malformed, "the end of a credential is no date")
                    .with_source(error)
            })?;
            let name = listed.display_name.unwrap_or_default();
            Ok(AppCredential { name, ends: ends.map(|ends| ends.to_utc()) })
        };
        own.into_iter().map(shown).collect()
    }
}

fn no_tenant() -> Error {
    Error::new(ErrorKind::Config, "no tenant is open")
}
