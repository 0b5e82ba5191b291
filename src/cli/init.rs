//! `entraql init`: how to register the app, with the fewest permissions that will do.

use std::io::{self, Write};

use clap::Args;

use crate::cli::args::Options;
use crate::cli::queries::library;
use crate::config::Config;
use crate::engine::{Engine, Grants};
use crate::error::{Error, ErrorKind, Result};
use crate::output::visible;
use crate::repl::needs;

/// What the app shall be able to read.
#[derive(Debug, Clone, Args)]
pub(super) struct InitOptions {
    /// Ask for what this table needs; may be repeated (all tables if nothing is named)
    #[arg(long = "table", value_name = "TABLE")]
    tables: Vec<String>,
    /// Ask for what this query needs; it is planned, not run
    #[arg(long, value_name = "SQL", conflicts_with = "tables")]
    query: Option<String>,
    /// Ask for what this saved query needs; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with_all = ["tables", "query"])]
    saved: Vec<String>,
}

/// Where a cloud is administered: its portal, its name for `az`.
///
/// <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
const PORTALS: &[(&str, &str, &str)] = &[
    ("public", "https://entra.microsoft.com", "AzureCloud"),
    ("gcc-high", "https://entra.microsoft.us", "AzureUSGovernment"),
    ("dod", "https://entra.microsoft.us", "AzureUSGovernment"),
    ("china", "https://entra.microsoftonline.cn", "AzureChinaCloud"),
];

/// Prints the walk-through. Nothing is sent.
pub(super) async fn run(options: &Options, init: &InitOptions) -> Result<()> {
    let engine = Engine::offline().await?;
    let needs = match &init.query {
        Some(sql) => engine.grants_for_query(sql).await?,
        None if !init.saved.is_empty() => saved(&engine, options, &init.saved).await?,
        None => engine.grants_for_tables(&init.tables)?,
    };
    if needs.tables.is_empty() {
        return Err(Error::new(ErrorKind::Query, "the query reads no table of the tenant")
            .with_hint("`entraql tables` lists them"));
    }
    let config = Config::look(&options.tenant.flags())?;
    let text =
        walk(&needs, config.hosts()?.cloud(), config.path().map(|p| p.display().to_string()));
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| {
        Error::new(ErrorKind::Output, "the steps could not be printed").with_source(error)
    })
}

async fn saved(engine: &Engine, options: &Options, names: &[String]) -> Result<Grants> {
    let library = library(options.quiet)?;
    let mut all = Vec::new();
    for name in names {
        all.extend(needs(engine, library.find(name)?).await?);
    }
    Ok(Grants::of(&all))
}

fn walk(needs: &Grants, cloud: &str, file: Option<String>) -> String {
    let (_, portal, name) =
        PORTALS.iter().find(|(known, ..)| *known == cloud).unwrap_or(&PORTALS[0]);
    let file = file.unwrap_or_else(|| "~/.config/entraql/config.toml".to_owned());
    let tables: Vec<_> = needs.tables.iter().map(|table| format!(" --table {table}")).collect();
    [
        header(needs),
        register(portal, name),
        grant(needs),
        CREDENTIAL.to_owned(),
        settings(cloud, &file),
        format!("5. Check\n\n   entraql doctor{}\n", tables.concat()),
    ]
    .join("\n")
}

fn header(needs: &Grants) -> String {
    let mut text = format!("To read {}:\n\n", needs.tables.join(", "));
    let widest = needs.permissions.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (permission, needed_by) in &needs.permissions {
        text += &format!("   {permission:widest$}  for {}\n", needed_by.join(", "));
    }
    for (license, tables) in &needs.licenses {
        text += &format!("\nThe tenant needs {license} for {}.\n", tables.join(", "));
    }
    text + "\nThese are application permissions of Microsoft Graph; none of them can write.\n"
}

fn register(portal: &str, cloud: &str) -> String {
    format!(
        "1. Register the app\n\n   \
         portal: {portal}\n           \
         App registrations > New registration,\n           \
         this organizational directory only, no redirect URI\n   \
         or:     az cloud set --name {cloud}\n           \
         az login --allow-no-subscriptions\n           \
         APP=$(az ad app create --display-name entraql \\\n             \
         --sign-in-audience AzureADMyOrg --query appId -o tsv)\n           \
         az ad sp create --id \"$APP\"\n"
    )
}

fn grant(needs: &Grants) -> String {
    let names: Vec<_> = needs.permissions.iter().map(|(permission, _)| *permission).collect();
    format!(
        "2. Grant the permissions (an administrator)\n\n   \
         portal: API permissions > Add a permission > Microsoft Graph >\n           \
         Application permissions, then Grant admin consent\n   \
         or:     GRAPH=00000003-0000-0000-c000-000000000000\n           \
         for ROLE in {}; do\n             \
         ID=$(az ad sp show --id $GRAPH -o tsv \\\n               \
         --query \"appRoles[?value=='$ROLE'].id\")\n             \
         az ad app permission add --id \"$APP\" --api $GRAPH \\\n               \
         --api-permissions \"$ID=Role\"\n           \
         done\n           \
         az ad app permission admin-consent --id \"$APP\"\n",
        names.join(" ")
    )
}

/// A certificate first: its key never leaves the machine.
const CREDENTIAL: &str = "3. Give it a credential

   a certificate, whose key stays here:
           umask 077
           openssl req -x509 -newkey rsa:2048 -nodes -days 365 \\
             -subj /CN=entraql -keyout key.pem -out cert.pem
           cat cert.pem key.pem > entraql.pem
           az ad app credential reset --id \"$APP\" --append --cert @cert.pem
   or a secret, of which Entra shows the Value once:
           az ad app credential reset --id \"$APP\" --append --years 1 \\
             --query password -o tsv
";

fn settings(cloud: &str, file: &str) -> String {
    let cloud = if cloud == "public" { String::new() } else { format!("   cloud = \"{cloud}\"\n") };
    format!(
        "4. Tell entraql, in {}\n\n   \
         [tenants.NAME]\n   \
         tenant_id = \"…\"       # Directory (tenant) ID\n   \
         client_id = \"…\"       # Application (client) ID\n{cloud}   \
         certificate = \"entraql.pem\"\n   \
         # or: client_secret = \"env:NAME\", \"file:PATH\" or \"cmd:PROGRAM ARGS\"\n\n   \
         or in the environment:\n\n   \
         export AZURE_TENANT_ID=… AZURE_CLIENT_ID=…\n   \
         export AZURE_CLIENT_CERTIFICATE_PATH=…   # or AZURE_CLIENT_SECRET=…\n",
        visible(file)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_steps_fit_eighty_columns_in_every_cloud() {
        let needs =
            Engine::offline().await.unwrap().grants_for_tables(&["sign_ins".into()]).unwrap();
        for (cloud, portal, name) in PORTALS {
            let text = walk(&needs, cloud, None);
            assert!(text.contains(portal) && text.contains(name), "{text}");
            assert_eq!(text.contains("cloud = "), *cloud != "public");
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
    }
}
