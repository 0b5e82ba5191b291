//! The tenant the settings mean, with its secret read from wherever it is.

use std::path::PathBuf;

use crate::config::env;
use crate::config::hosts::Hosts;
use crate::config::reference::is_guid;
use crate::config::setting::{Setting, Value, key};
use crate::config::{Config, private, problem};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// How to reach one tenant.
#[derive(Debug, Clone)]
pub(crate) struct TenantSettings {
    /// The tenant's id or one of its domain names.
    pub(crate) tenant_id: String,
    /// The application id of the app registration; empty where the credential needs none.
    pub(crate) client_id: String,
    /// How the app proves who it is.
    pub(crate) identity: Identity,
    /// Where tokens and rows come from.
    pub(crate) hosts: Hosts,
    /// The secret is shaped like an id, which is what people copy by mistake.
    pub(crate) secret_looks_like_id: bool,
}

/// How the app proves who it is.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// The Value of a client secret.
    Secret(Secret),
    /// A PEM text with certificate and key.
    Certificate(Secret),
    /// The file another identity provider keeps a token in.
    TokenFile(PathBuf),
    /// The identity Azure gives this machine.
    #[cfg(feature = "azure-identity")]
    Managed,
    /// Whoever is logged in to the Azure CLI.
    #[cfg(feature = "azure-identity")]
    AzureCli,
}

/// The credentials settings can name, each with the setting it needs beside the tenant.
const CREDENTIALS: &[(&str, Option<&str>)] = &[
    ("client-secret", Some(key::CLIENT_SECRET)),
    ("certificate", Some(key::CERTIFICATE)),
    ("workload-identity", Some(key::TOKEN_FILE)),
    #[cfg(feature = "azure-identity")]
    (MANAGED_IDENTITY, None),
    #[cfg(feature = "azure-identity")]
    (AZURE_CLI, None),
];

#[cfg(feature = "azure-identity")]
const MANAGED_IDENTITY: &str = "managed-identity";
#[cfg(feature = "azure-identity")]
const AZURE_CLI: &str = "az";

/// Keys that say how the app proves who it is.
const PROOFS: &[&str] = &[key::CREDENTIAL, key::CLIENT_SECRET, key::CERTIFICATE, key::TOKEN_FILE];

const HOSTS: &[&str] = &[key::CLOUD, key::AUTHORITY, key::GRAPH];

impl Config {
    /// Finds the tenant and reads its secret.
    ///
    /// # Errors
    ///
    /// `Config`: everything that is missing is named at once; a secret that cannot be read
    /// or lies open, hosts that do not belong together.
    pub(crate) fn tenant(&self) -> Result<TenantSettings> {
        let credential = self.credential()?;
        let missing = self.missing(credential);
        if !missing.is_empty() {
            return Err(self.missing_error(&missing));
        }
        let (identity, secret_looks_like_id) = self.identity(credential)?;
        Ok(TenantSettings {
            tenant_id: self.plain(key::TENANT_ID)?,
            client_id: self.plain(key::CLIENT_ID)?,
            identity,
            hosts: self.hosts()?,
            secret_looks_like_id,
        })
    }

    /// Finds the hosts.
    ///
    /// # Errors
    ///
    /// `Config` when they are no origins or do not belong together.
    pub(crate) fn hosts(&self) -> Result<Hosts> {
        Hosts::find(&self.group(HOSTS))
    }

    /// Returns the word for the credential in use, and the setting that decides about it.
    pub(crate) fn credential_setting(&self) -> Result<(&'static str, Option<&Setting>)> {
        let group = self.group(PROOFS);
        if let Some(named) = group.iter().copied().find(|s| s.key == key::CREDENTIAL) {
            return match CREDENTIALS.iter().find(|(name, _)| *name == named.text()) {
                Some((name, _)) => Ok((name, Some(named))),
                None => Err(unknown(named)),
            };
        }
        let given = CREDENTIALS.iter().find_map(|(name, key)| {
            Some((*name, group.iter().copied().find(|setting| Some(setting.key) == *key)?))
        });
        Ok(given.map_or((CREDENTIALS[0].0, None), |(name, setting)| (name, Some(setting))))
    }

    fn credential(&self) -> Result<&'static str> {
        self.credential_setting().map(|(name, _)| name)
    }

    fn missing(&self, credential: &str) -> Vec<&'static str> {
        let own = own_key(credential);
        let app = own.map(|_| key::CLIENT_ID);
        let needed = [Some(key::TENANT_ID), app, own];
        needed.into_iter().flatten().filter(|key| self.get(key).is_none()).collect()
    }

    fn missing_error(&self, keys: &[&'static str]) -> Error {
        match (self.tenant_name(), self.path()) {
            (Some(tenant), Some(path)) => {
                let file = path.display();
                let lines: Vec<_> = keys.iter().map(|key| format!("`{key} = …`")).collect();
                let what = format!("the tenant `{tenant}` has no {}", keys.join(", "));
                Error::new(ErrorKind::Config, what)
                    .with_hint(format!("add {} to [tenants.{tenant}] in {file}", lines.join(", ")))
            }
            (None, Some(path))
                if !self.tenants().is_empty() && self.get(key::TENANT_ID).is_none() =>
            {
                let names = self.tenants().join(", ");
                Error::new(ErrorKind::Config, "no tenant is chosen").with_hint(format!(
                    "`-t NAME` chooses one of {names}; `default_tenant = …` in {} does for good",
                    path.display()
                ))
            }
            _ => unset_error(keys),
        }
    }

    fn identity(&self, credential: &str) -> Result<(Identity, bool)> {
        let value = own_key(credential).and_then(|key| self.get(key)).map(|set| &set.value);
        match (credential, value) {
            #[cfg(feature = "azure-identity")]
            (MANAGED_IDENTITY, _) => Ok((Identity::Managed, false)),
            #[cfg(feature = "azure-identity")]
            (AZURE_CLI, _) => Ok((Identity::AzureCli, false)),
            ("certificate", Some(Value::Path(path))) => {
                Ok((Identity::Certificate(Secret::new(private::read(path)?)), false))
            }
            ("workload-identity", Some(Value::Path(path))) => {
                Ok((Identity::TokenFile(path.clone()), false))
            }
            (_, Some(Value::Secret(reference))) => {
                let found = reference.read()?;
                Ok((Identity::Secret(found.secret), found.is_guid))
            }
            _ => Err(Error::new(ErrorKind::Internal, "a setting has the wrong type")),
        }
    }

    /// Ids become part of a URL: anything but letters, digits, dots and dashes is refused.
    fn plain(&self, key: &str) -> Result<String> {
        let Some(setting) = self.get(key) else { return Ok(String::new()) };
        let value = setting.text().trim();
        let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if !value.is_empty()
            && value.chars().all(harmless)
            && (value.contains('.') || is_guid(value))
        {
            return Ok(value.to_owned());
        }
        let what = format!("{} is neither an id nor a domain", setting.name());
        Err(Error::new(ErrorKind::Config, what)
            .with_hint("copy it from the app registration's Overview page"))
    }
}

fn own_key(credential: &str) -> Option<&'static str> {
    CREDENTIALS.iter().find(|(name, _)| *name == credential).and_then(|(_, key)| *key)
}

fn unset_error(keys: &[&'static str]) -> Error {
    let variable = |key: &&'static str| match *key {
        key::TENANT_ID => env::TENANT_ID.name,
        key::CLIENT_ID => env::CLIENT_ID.name,
        key::CERTIFICATE => env::CERTIFICATE_PATH.name,
        key::TOKEN_FILE => env::FEDERATED_TOKEN_FILE.name,
        _ => env::CLIENT_SECRET.name,
    };
    let names: Vec<_> = keys.iter().map(variable).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let exports: Vec<_> = names.iter().map(|name| format!("export {name}=…")).collect();
    Error::new(ErrorKind::Config, format!("no tenant: {} {verb} not set", names.join(", ")))
        .with_hint(format!(
            "set them with `{}`, or try `entraql --demo`, which needs no tenant",
            exports.join("; ")
        ))
}

fn unknown(setting: &Setting) -> Error {
    let what = format!("{} is not a credential: `{}`", setting.name(), setting.text());
    let error = Error::new(ErrorKind::Config, what);
    match problem::meant(setting.text(), CREDENTIALS.iter().map(|(name, _)| *name)) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use crate::config::env::Variable;
    use crate::config::settings::tests::config;

    use super::*;

    const ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    fn tenant(file: &str, set: &[(Variable, &str)]) -> Result<TenantSettings> {
        config(file, None, set)?.tenant()
    }

    /// A tenant whose secret a program prints, since tests must not set variables.
    fn printed(secret: &str) -> String {
        format!(
            "[tenants.a]\ntenant_id = '{ID}'\nclient_id = '{ID}'\nclient_secret = 'cmd:echo {secret}'\n"
        )
    }

    #[test]
    fn the_public_cloud_is_the_default() {
        let settings = tenant(&printed("abc~8Q"), &[]).unwrap();
        assert_eq!(settings.hosts.graph, "https://graph.microsoft.com");
        assert!(matches!(&settings.identity, Identity::Secret(s) if *s == Secret::new("abc~8Q")));
        assert!(!settings.secret_looks_like_id);
        assert!(tenant(&printed(ID), &[]).unwrap().secret_looks_like_id);
        assert!(!format!("{settings:?}").contains("abc~8Q"));
    }

    #[test]
    fn everything_missing_is_named_at_once() {
        let error = tenant("", &[(env::CLIENT_ID, ID)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(
            error.to_string(),
            "no tenant: AZURE_TENANT_ID, AZURE_CLIENT_SECRET are not set"
        );
        assert!(error.hint().unwrap().contains("export AZURE_CLIENT_SECRET=…"));
        assert!(error.hint().unwrap().contains("entraql --demo"));
        let error = tenant("[tenants.a]\ncredential = 'certificate'\n", &[]).unwrap_err();
        assert_eq!(error.message(), "the tenant `a` has no tenant_id, client_id, certificate");
        assert!(error.hint().unwrap().contains("to [tenants.a] in /"), "{error:?}");
        let error = tenant("[tenants.a]\n[tenants.b]\n", &[]).unwrap_err();
        assert!(error.hint().unwrap().starts_with("`-t NAME` chooses one of a, b"), "{error:?}");
    }

    #[test]
    fn the_layer_that_speaks_of_credentials_first_decides() {
        let choice = |file: &str, set: &[(Variable, &str)]| {
            let config = config(file, None, set).unwrap();
            config.credential_setting().map(|(name, _)| name)
        };
        assert_eq!(choice("", &[]).unwrap(), "client-secret");
        let file = "[tenants.a]\ncertificate = 'a.pem'\n";
        assert_eq!(choice(file, &[]).unwrap(), "certificate");
        assert_eq!(choice(file, &[(env::CLIENT_SECRET, "s")]).unwrap(), "client-secret");
        let pod = [(env::FEDERATED_TOKEN_FILE, "/t")];
        assert_eq!(choice("", &pod).unwrap(), "workload-identity");
        let error = choice("[tenants.a]\ncredential = 'certificat'\n", &[]).unwrap_err();
        assert_eq!(error.hint(), Some("did you mean `certificate`?"));
    }

    #[test]
    fn a_certificate_with_its_key_must_be_closed_to_others() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "PEM").unwrap();
        let path = file.path().display();
        let text = format!(
            "[tenants.a]\ntenant_id = '{ID}'\nclient_id = '{ID}'\ncertificate = '{path}'\n"
        );
        let mode = |mode| {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            tenant(&text, &[])
        };
        assert!(mode(0o644).unwrap_err().hint().unwrap().starts_with("`chmod 600 "));
        assert!(matches!(mode(0o600).unwrap().identity, Identity::Certificate(_)));
    }

    #[test]
    fn an_id_cannot_rewrite_the_url() {
        for wrong in ["a/../b", "common", "a b.example", "https://contoso.com"] {
            let text = printed("s").replacen(ID, wrong, 1);
            let error = tenant(&text, &[]).unwrap_err();
            assert!(error.message().contains("neither an id nor a domain"), "{error}");
        }
    }
}
