//! What an app registration must be granted before it can answer: the fewest permissions.

use crate::engine::{Engine, Need, suggest};
use crate::error::{Error, ErrorKind, Result};
use crate::spec::{License, TableSpec};
use crate::tables;

/// The tables somebody wants to read, and what that takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Each table, in order of appearance.
    pub tables: Vec<String>,
    /// Application permissions, each with what needs it.
    pub permissions: Vec<(&'static str, Vec<String>)>,
    /// Licenses beyond the free edition, each with the tables that need it.
    pub licenses: Vec<(&'static str, Vec<String>)>,
}

impl Engine {
    /// Returns what reading whole tables takes; all of them if none is named.
    ///
    /// # Errors
    ///
    /// `Query` when there is no such table.
    pub fn grants_for_tables(&self, names: &[String]) -> Result<Grants> {
        let find = |name: &String| {
            tables::find(name).ok_or_else(|| {
                let error = Error::new(ErrorKind::Query, format!("there is no table `{name}`"));
                suggest::with_table_hint(error, name, self.context())
            })
        };
        let specs: Vec<&TableSpec> = match names {
            [] => tables::ALL.to_vec(),
            names => names.iter().map(find).collect::<Result<_>>()?,
        };
        let needs: Vec<_> = specs.into_iter().map(Need::of_table).collect();
        Ok(Grants::of(&needs))
    }

    /// Returns what a query takes. It is planned, not run: nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`Engine::query`].
    pub async fn grants_for_query(&self, sql: &str) -> Result<Grants> {
        Ok(Grants::of(&self.needs(sql, &crate::engine::QueryOptions::default()).await?.needs))
    }
}

impl Grants {
    /// Adds up what statements need.
    pub fn of(needs: &[Need]) -> Self {
        let mut grants = Self::default();
        for need in needs {
            let table = need.what.split('.').next().unwrap_or(&need.what).to_owned();
            grants.permit(need);
            if let Some(license) = need.license.filter(|name| *name != License::Any.name()) {
                note(&mut grants.licenses, license, &table);
            }
            if !grants.tables.contains(&table) {
                grants.tables.push(table);
            }
        }
        grants
    }

    /// Any of the permissions will do: one that is needed anyway, or the least.
    fn permit(&mut self, need: &Need) {
        let any = &need.permissions;
        let known = self.permissions.iter().map(|(known, _)| *known).find(|p| any.contains(p));
        if let Some(permission) = known.or_else(|| any.first().copied()) {
            note(&mut self.permissions, permission, &need.what);
        }
    }
}

fn note(list: &mut Vec<(&'static str, Vec<String>)>, name: &'static str, what: &str) {
    match list.iter_mut().find(|(known, _)| *known == name) {
        Some((_, whats)) if whats.iter().any(|known| known == what) => {}
        Some((_, whats)) => whats.push(what.to_owned()),
        None => list.push((name, vec![what.to_owned()])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(needs: &Grants) -> Vec<&str> {
        needs.permissions.iter().map(|(permission, _)| *permission).collect()
    }

    #[tokio::test]
    async fn a_query_needs_what_its_tables_and_columns_need() {
        let engine = Engine::offline().await.unwrap();
        let needs = |sql: &'static str| {
            let engine = engine.clone();
            async move { engine.grants_for_query(sql).await.unwrap() }
        };
        assert_eq!(permissions(&needs("SELECT id FROM users").await), ["User.Read.All"]);
        let activity = needs("SELECT id, sign_in_activity FROM users").await;
        assert_eq!(permissions(&activity), ["User.Read.All", "AuditLog.Read.All"]);
        assert_eq!(activity.licenses, [("Entra ID P1 or P2", vec!["users".to_owned()])]);
        let nested = "SELECT id FROM users WHERE id IN (SELECT user_id FROM sign_ins)";
        let mut tables = needs(nested).await.tables;
        tables.sort_unstable();
        assert_eq!(tables, ["sign_ins", "users"]);
        assert_eq!(needs("SELECT * FROM meta.tables").await, Grants::default());
        assert!(engine.grants_for_query("SELECT nope FROM users").await.is_err());
    }

    #[tokio::test]
    async fn a_permission_two_tables_share_is_asked_for_once() {
        let engine = Engine::offline().await.unwrap();
        let named = ["sign_ins", "audits"].map(str::to_owned);
        let needs = engine.grants_for_tables(&named).unwrap();
        assert_eq!(permissions(&needs), ["AuditLog.Read.All"]);
        assert_eq!(needs.permissions[0].1, ["sign_ins", "audits"]);
        assert_eq!(engine.grants_for_tables(&[]).unwrap().tables.len(), tables::ALL.len());
        let error = engine.grants_for_tables(&["user".to_owned()]).unwrap_err();
        assert!(error.hint().unwrap().contains("users"), "{error:?}");
    }
}
