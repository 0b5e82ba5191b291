//! How a simulator is set up: its world, its clock, its limits and its faults.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::sim::fault::FaultScript;

/// The tenant of the simulator.
pub const TENANT_ID: &str = "7d3f6c1e-52ab-4c0f-9b8e-0e6a4d2c9f10";
/// The app registration of the simulator.
pub const CLIENT_ID: &str = "b1c7a9d4-3e58-4f62-8a07-5d9e2c61f4ab";
/// The client secret of the simulator; it opens nothing else.
pub const CLIENT_SECRET: &str = "demo-secret-not-a-real-one";
/// The verified domain of the tenant, accepted in place of its id.
pub const TENANT_DOMAIN: &str = "haldenvoss.example";

/// Application permissions that open everything the simulator serves.
const ALL_ROLES: &[&str] = &[
    "AccessReview.Read.All",
    "AdministrativeUnit.Read.All",
    "AgentCardManifest.Read.All",
    "AgentCollection.Read.All",
    "AgentIdentity.Read.All",
    "AgentIdentityBlueprint.Read.All",
    "AgentIdentityBlueprintPrincipal.Read.All",
    "AgentInstance.Read.All",
    "AgentRegistration.Read.All",
    "Application.Read.All",
    "AuditLog.Read.All",
    "CustomSecAttributeAuditLogs.Read.All",
    "Device.Read.All",
    "AuthenticationContext.Read.All",
    "Device.Read.All",
    "DeviceManagementApps.Read.All",
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "Directory.Read.All",
    "Domain.Read.All",
    "Group.Read.All",
    "IdentityProvider.Read.All",
    "IdentityRiskEvent.Read.All",
    "IdentityRiskyAgent.Read.All",
    "IdentityRiskyServicePrincipal.Read.All",
    "IdentityRiskyUser.Read.All",
    "LicenseAssignment.Read.All",
    "MailboxSettings.Read",
    "Organization.Read.All",
    "Policy.Read.All",
    "Reports.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagementAlert.Read.Directory",
    "SecurityAlert.Read.All",
    "SecurityIncident.Read.All",
    "Synchronization.Read.All",
    "User.Read.All",
    "UserAuthenticationMethod.Read.All",
];

/// The license of the simulated tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// No sign-ins over the API, seven days of audits, no risk data.
    Free,
    /// Sign-ins, but no risk data.
    P1,
    /// Everything.
    #[default]
    P2,
}

/// What a tenant can have beside its edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddOn {
    /// Entra Workload ID Premium.
    WorkloadId,
    /// Entra ID Governance; P2 has the access reviews of it.
    Governance,
    /// Intune.
    Intune,
}

/// What a resource asks of the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum License {
    P1,
    P2,
    Workload,
    Governance,
    Intune,
}

/// Which world is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorldName {
    /// A company of about 1,200 people and 30 days of logs with an attack inside.
    #[default]
    Demo,
    /// A few dozen hand-made rows with every edge case.
    Tiny,
    /// Many rows for benchmarks.
    Bulk {
        /// Number of sign-ins.
        sign_ins: usize,
        /// Number of users.
        users: usize,
    },
}

impl FromStr for WorldName {
    type Err = Error;

    /// Reads `demo`, `tiny`, `bulk:SIGN_INS` or `bulk:SIGN_INS:USERS`.
    fn from_str(text: &str) -> Result<Self> {
        let unknown = || {
            Error::new(ErrorKind::Usage, format!("`{text}` is not a world"))
                .with_hint("use demo, tiny, bulk:100000 or bulk:100000:5000")
        };
        let number = |part: Option<&str>| part.map(str::parse::<usize>).transpose();
        let mut parts = text.split(':');
        match parts.next() {
            Some("demo") if text == "demo" => Ok(Self::Demo),
            Some("tiny") if text == "tiny" => Ok(Self::Tiny),
            Some("bulk") => {
                let sign_ins = number(parts.next()).map_err(|_| unknown())?.ok_or_else(unknown)?;
                let users = number(parts.next()).map_err(|_| unknown())?.unwrap_or(1_000);
                if parts.next().is_some() || users == 0 {
                    Err(unknown())
                } else {
                    Ok(Self::Bulk { sign_ins, users })
                }
            }
            _ => Err(unknown()),
        }
    }
}

/// A federated credential of the app registration.
#[derive(Debug, Clone)]
pub struct Federation {
    /// Who issues the tokens.
    pub issuer: String,
    /// Whom they are about.
    pub subject: String,
    /// A certificate with the key of the issuer, as DER.
    pub certificate: Vec<u8>,
}

/// How a simulator behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Loopback port; 0 takes any free one.
    pub port: u16,
    /// Which world is served.
    pub world: WorldName,
    /// Rows that take the place of those of the tiny world: a JSON object with `rows`, lists of
    /// objects by the names in `fixtures/rules`, and with `circles` and `managers` as in
    /// `fixtures/worlds/tiny.json`. Their dates stay as they are.
    pub own: Option<String>,
    /// The moment at which the logs end.
    pub now: DateTime<Utc>,
    /// Whether Graph's limits are enforced with 429.
    pub throttle: bool,
    /// The part of each limit that is left: the rest is somebody else's.
    pub share: f64,
    /// Largest number of rows per page, below Graph's own, so that tests see many pages.
    pub max_page: Option<usize>,
    /// Application permissions in the tokens.
    pub roles: Vec<String>,
    /// License of the tenant.
    pub edition: Edition,
    /// What it has besides.
    pub add_ons: Vec<AddOn>,
    /// Certificates of the app registration, as DER.
    pub certificates: Vec<Vec<u8>>,
    /// The workload the app registration trusts.
    pub federation: Option<Federation>,
    /// Days until the secret of the app registration ends; that of the rules if not given.
    pub secret_days: Option<i64>,
    /// Seconds a token lives.
    pub token_lifetime: u64,
    /// Scripted failures.
    pub faults: Option<FaultScript>,
    /// Milliseconds before every reply.
    pub latency_ms: u64,
    /// Scheme, host and port in links, for a simulator behind a proxy; its own if not given.
    pub origin: Option<String>,
    /// Whether pages are kept once they are written, so that serving them again costs nothing.
    /// They are shown to every caller alike and take the memory of their text.
    pub keep_pages: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            world: WorldName::Demo,
            own: None,
            now: today(),
            throttle: false,
            share: 1.0,
            max_page: None,
            roles: ALL_ROLES.iter().map(|role| (*role).to_owned()).collect(),
            edition: Edition::P2,
            add_ons: vec![AddOn::WorkloadId, AddOn::Governance, AddOn::Intune],
            certificates: Vec::new(),
            federation: None,
            secret_days: None,
            token_lifetime: 3599,
            faults: None,
            latency_ms: 0,
            origin: None,
            keep_pages: false,
        }
    }
}

impl Options {
    /// Says whether the tenant has what a resource asks for.
    pub(crate) fn has(&self, license: License) -> bool {
        match license {
            License::P1 => self.edition >= Edition::P1,
            License::P2 => self.edition >= Edition::P2,
            License::Workload => self.add_ons.contains(&AddOn::WorkloadId),
            License::Governance => {
                self.edition >= Edition::P2 || self.add_ons.contains(&AddOn::Governance)
            }
            License::Intune => self.add_ons.contains(&AddOn::Intune),
        }
    }
}

/// The one place where the simulator asks the machine for the date.
#[expect(clippy::disallowed_methods, reason = "a demo is always about the last month")]
fn today() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_are_named() {
        assert_eq!("demo".parse::<WorldName>().unwrap(), WorldName::Demo);
        let bulk = WorldName::Bulk { sign_ins: 100_000, users: 1_000 };
        assert_eq!("bulk:100000".parse::<WorldName>().unwrap(), bulk);
        for wrong in ["", "bulk", "bulk:x", "bulk:1:0", "bulk:1:2:3", "demo:1"] {
            assert!(wrong.parse::<WorldName>().is_err(), "{wrong}");
        }
    }
}
