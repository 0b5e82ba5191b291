//! What an app registration needs before it can answer: the fewest permissions.

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::{LogicalPlan, TableScan};

use crate::engine::{Engine, suggest};
use crate::error::{Error, ErrorKind, Result};
use crate::spec::{License, TableSpec};
use crate::tables;

/// The tables somebody wants to read, and what that takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Each table, in order of appearance.
    pub tables: Vec<&'static str>,
    /// Application permissions, the least privileged first, each with what needs it.
    pub permissions: Vec<(&'static str, Vec<String>)>,
    /// Licenses beyond the free edition, each with the tables that need it.
    pub licenses: Vec<(&'static str, Vec<&'static str>)>,
}

impl Engine {
    /// Returns what reading whole tables takes; all of them if none is named.
    ///
    /// # Errors
    ///
    /// `Query` when there is no such table.
    pub fn needs_of_tables(&self, names: &[String]) -> Result<Needs> {
        let mut needs = Needs::default();
        for name in names {
            let spec = tables::find(name).ok_or_else(|| {
                let error = Error::new(ErrorKind::Query, format!("there is no table `{name}`"));
                suggest::with_table_hint(error, name, self.context())
            })?;
            needs.add(spec, &[]);
        }
        if names.is_empty() {
            for spec in tables::ALL {
                needs.add(spec, &[]);
            }
        }
        Ok(needs)
    }

    /// Returns what a query takes. It is planned, not run: nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`Engine::query`].
    pub async fn needs_of_query(&self, sql: &str) -> Result<Needs> {
        let plan = self.sql(sql).await?.into_optimized_plan().map_err(Error::from_datafusion)?;
        let mut needs = Needs::default();
        let visit = |node: &LogicalPlan| {
            if let LogicalPlan::TableScan(scan) = node {
                needs.add_scan(scan);
            }
            Ok(TreeNodeRecursion::Continue)
        };
        plan.apply_with_subqueries(visit).map_err(Error::from_datafusion)?;
        Ok(needs)
    }
}

impl Needs {
    fn add_scan(&mut self, scan: &TableScan) {
        let of_entra = scan.table_name.schema().is_none_or(|schema| schema != "meta");
        let spec = tables::find(scan.table_name.table()).filter(|_| of_entra);
        if let Some(spec) = spec {
            let fields = scan.projected_schema.fields();
            let read: Vec<_> = fields.iter().map(|field| field.name().as_str()).collect();
            self.add(spec, &read);
        }
    }

    fn add(&mut self, spec: &'static TableSpec, read: &[&str]) {
        if !self.tables.contains(&spec.name) {
            self.tables.push(spec.name);
        }
        self.permit(spec.permissions, spec.name.to_owned());
        if spec.license != License::Any {
            self.license(spec.license.name(), spec.name);
        }
        for column in spec.columns.iter().filter(|column| read.contains(&column.name)) {
            if let Some(permission) = column.permission {
                self.permit(&[permission], format!("{}.{}", spec.name, column.name));
            }
            if let Some(license) = column.license {
                self.license(license, spec.name);
            }
        }
    }

    /// Any of the permissions will do: one that is needed anyway, or the least.
    fn permit(&mut self, any: &[&'static str], what: String) {
        let known = self.permissions.iter_mut().find(|(known, _)| any.contains(known));
        match (known, any.first()) {
            (Some((_, needed_by)), _) if !needed_by.contains(&what) => needed_by.push(what),
            (None, Some(least)) => self.permissions.push((least, vec![what])),
            _ => {}
        }
    }

    fn license(&mut self, license: &'static str, table: &'static str) {
        match self.licenses.iter_mut().find(|(known, _)| *known == license) {
            Some((_, tables)) if tables.contains(&table) => {}
            Some((_, tables)) => tables.push(table),
            None => self.licenses.push((license, vec![table])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(needs: &Needs) -> Vec<&str> {
        needs.permissions.iter().map(|(permission, _)| *permission).collect()
    }

    #[tokio::test]
    async fn a_query_needs_what_its_tables_and_columns_need() {
        let engine = Engine::offline().await.unwrap();
        let needs = |sql: &'static str| {
            let engine = engine.clone();
            async move { engine.needs_of_query(sql).await.unwrap() }
        };
        assert_eq!(permissions(&needs("SELECT id FROM users").await), ["User.Read.All"]);
        let activity = needs("SELECT id, sign_in_activity FROM users").await;
        assert_eq!(permissions(&activity), ["User.Read.All", "AuditLog.Read.All"]);
        assert_eq!(activity.licenses, [("Entra ID P1 or P2", vec!["users"])]);
        let nested = "SELECT id FROM users WHERE id IN (SELECT user_id FROM sign_ins)";
        let mut tables = needs(nested).await.tables;
        tables.sort_unstable();
        assert_eq!(tables, ["sign_ins", "users"]);
        assert_eq!(needs("SELECT * FROM meta.tables").await, Needs::default());
        assert!(engine.needs_of_query("SELECT nope FROM users").await.is_err());
    }

    #[tokio::test]
    async fn a_permission_two_tables_share_is_asked_for_once() {
        let engine = Engine::offline().await.unwrap();
        let named = ["sign_ins", "audits"].map(str::to_owned);
        let needs = engine.needs_of_tables(&named).unwrap();
        assert_eq!(permissions(&needs), ["AuditLog.Read.All"]);
        assert_eq!(needs.permissions[0].1, ["sign_ins", "audits"]);
        assert_eq!(engine.needs_of_tables(&[]).unwrap().tables.len(), tables::ALL.len());
        let error = engine.needs_of_tables(&["user".to_owned()]).unwrap_err();
        assert!(error.hint().unwrap().contains("users"), "{error:?}");
    }
}
