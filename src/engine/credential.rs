//! How the app proves to Entra who it is, and the token source that comes of it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::auth::{Certificate, ClientCredentials, Observer, Proof, TokenSource};
use crate::engine::{Settings, Tenant};
use crate::error::Result;
use crate::secret::Secret;

/// How the app proves to Entra who it is.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// The Value of a client secret.
    ClientSecret(Secret),
    /// A PEM text with a certificate and its RSA key.
    Certificate(Secret),
    /// Workload identity federation: the file another identity provider keeps a token in.
    WorkloadIdentity(PathBuf),
    /// The identity Azure gives this machine; a client id chooses one of several.
    #[cfg(feature = "azure-identity")]
    ManagedIdentity,
    /// Whoever is logged in to the Azure CLI; the client id is not used.
    #[cfg(feature = "azure-identity")]
    AzureCli,
}

impl From<Secret> for Credential {
    fn from(secret: Secret) -> Self {
        Self::ClientSecret(secret)
    }
}

impl Credential {
    /// Returns the word settings use for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ClientSecret(_) => "client-secret",
            Self::Certificate(_) => "certificate",
            Self::WorkloadIdentity(_) => "workload-identity",
            #[cfg(feature = "azure-identity")]
            Self::ManagedIdentity => "managed-identity",
            #[cfg(feature = "azure-identity")]
            Self::AzureCli => "az",
        }
    }
}

impl Tenant {
    /// Makes the token source; every request it sends is told to `observer`.
    pub(super) fn source(
        &self,
        settings: &Settings,
        observer: Arc<dyn Observer>,
    ) -> Result<Arc<dyn TokenSource>> {
        let scope = format!("{}/.default", self.graph.trim_end_matches('/'));
        let clock = Arc::clone(&settings.clock);
        let proof = match &self.credential {
            Credential::ClientSecret(secret) => Proof::Secret(secret.clone()),
            Credential::Certificate(pem) => Proof::Certificate(Certificate::from_pem(pem)?),
            Credential::WorkloadIdentity(file) => Proof::TokenFile(file.clone()),
            #[cfg(feature = "azure-identity")]
            Credential::ManagedIdentity => {
                let identity =
                    crate::auth::AzureIdentity::managed(&self.client_id, &scope, clock, observer)?;
                return Ok(Arc::new(identity));
            }
            #[cfg(feature = "azure-identity")]
            Credential::AzureCli => {
                let identity =
                    crate::auth::AzureIdentity::azure_cli(&self.tenant_id, &scope, clock)?;
                return Ok(Arc::new(identity));
            }
        };
        let (tenant, app) = (self.tenant_id.as_str(), self.client_id.as_str());
        let source = ClientCredentials::new(&self.authority, tenant, app, proof, &scope)?;
        Ok(Arc::new(source.with_clock(clock).observed_by(observer)))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credential").field(&self.name()).finish()
    }
}
