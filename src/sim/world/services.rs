//! Writes the service principals that are members and owners of groups.

use serde_json::{Value, json};

use crate::sim::options::TENANT_ID;
use crate::sim::world::setting::{App, Setting};

/// Writes all service principals.
pub(crate) fn all(setting: &Setting) -> Vec<String> {
    setting.services.iter().map(|service| object(service).to_string()).collect()
}

fn object(service: &App) -> Value {
    let kind = if service.managed { "ManagedIdentity" } else { "Application" };
    json!({
        // The sign-ins name a service by one id, as application and as principal.
        "id": service.id,
        "deletedDateTime": null,
        "accountEnabled": true,
        "appDisplayName": service.name,
        "appId": service.id,
        "appOwnerOrganizationId": TENANT_ID,
        "displayName": service.name,
        "servicePrincipalNames": [service.id],
        "servicePrincipalType": kind,
        "tags": [],
    })
}
