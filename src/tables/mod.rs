//! The tables, one file each, as plain values.
//!
//! To add one: write the file, then its `mod` line and its entry in [`ALL`]. Records that
//! would crowd a table file live beside it under a name of their own.

mod access_review_decisions;
mod access_review_definitions;
mod access_review_instances;
mod administrative_unit_members;
mod administrative_unit_scoped_roles;
mod administrative_units;
mod agent_card_manifests;
mod agent_collections;
mod agent_identities;
mod agent_identity_blueprint_principals;
mod agent_identity_blueprints;
mod agent_instances;
mod agent_registrations;
mod agent_risk_detections;
mod agent_users;
mod app_credential_sign_in_activities;
mod app_role_assignments;
mod application_owners;
mod application_sign_in_summaries;
mod applications;
mod audits;
mod authentication_context_class_references;
mod authentication_methods_policy;
mod authentication_strength_policies;
mod authorization_policy;
mod conditional_access_policies;
mod cross_tenant_access_default;
mod cross_tenant_access_partners;
mod cross_tenant_access_policy;
mod custom_security_attribute_audits;
mod deleted_administrative_units;
mod deleted_applications;
mod deleted_devices;
mod deleted_groups;
mod deleted_service_principals;
mod deleted_users;
mod detected_apps;
mod device_compliance_policies;
mod device_configurations;
mod device_owners;
mod device_users;
mod devices;
mod directory_role_members;
mod directory_roles;
mod domains;
mod federated_identity_credentials;
mod group_members;
mod group_owners;
mod group_transitive_members;
mod groups;
mod identity_providers;
mod managed_devices;
mod managed_identity_sign_ins;
mod mobile_apps;
mod named_locations;
mod non_interactive_sign_ins;
mod oauth2_permission_grants;
mod organization;
mod provisioning_logs;
mod risk_detections;
mod risky_agents;
mod risky_service_principal_history;
mod risky_service_principals;
mod risky_user_history;
mod risky_users;
mod role_assignment_schedule_instances;
mod role_assignments;
mod role_definitions;
mod role_eligibility_schedule_instances;
mod role_management_alerts;
mod security_alerts;
mod security_defaults_policy;
mod security_incidents;
mod service_principal_owners;
mod service_principal_risk_detections;
mod service_principal_sign_in_activities;
mod service_principal_sign_ins;
mod service_principals;
mod sign_ins;
mod subscribed_skus;
mod synchronization_jobs;
mod user_authentication_methods;
mod user_license_details;
mod user_mailbox_settings;
mod user_member_of;
mod user_registration_details;
mod users;
mod users_registered_by_feature;
mod users_registered_by_method;

mod access_review_shapes;
mod agent_shapes;
mod application_shapes;
mod audit_shapes;
mod conditional_access;
mod cross_tenant_shapes;
mod directory_shapes;
mod intune_shapes;
mod method_shapes;
mod policy_shapes;
mod report_shapes;
mod risk;
mod role_schedule;
mod security_shapes;
mod sign_in_columns;
mod sign_in_shapes;
mod user_shapes;
mod views;

use crate::spec::TableSpec;

pub use views::VIEWS;

/// Every table, by name.
pub static ALL: &[&TableSpec] = &[
    &access_review_decisions::TABLE,
    &access_review_definitions::TABLE,
    &access_review_instances::TABLE,
    &administrative_unit_members::TABLE,
    &administrative_unit_scoped_roles::TABLE,
    &administrative_units::TABLE,
    &agent_card_manifests::TABLE,
    &agent_collections::TABLE,
    &agent_identities::TABLE,
    &agent_identity_blueprint_principals::TABLE,
    &agent_identity_blueprints::TABLE,
    &agent_instances::TABLE,
    &agent_registrations::TABLE,
    &agent_risk_detections::TABLE,
    &agent_users::TABLE,
    &app_credential_sign_in_activities::TABLE,
    &app_role_assignments::TABLE,
    &application_owners::TABLE,
    &application_sign_in_summaries::TABLE,
    &applications::TABLE,
    &audits::TABLE,
    &authentication_context_class_references::TABLE,
    &authentication_methods_policy::TABLE,
    &authentication_strength_policies::TABLE,
    &authorization_policy::TABLE,
    &conditional_access_policies::TABLE,
    &cross_tenant_access_default::TABLE,
    &cross_tenant_access_partners::TABLE,
    &cross_tenant_access_policy::TABLE,
    &custom_security_attribute_audits::TABLE,
    &deleted_administrative_units::TABLE,
    &deleted_applications::TABLE,
    &deleted_devices::TABLE,
    &deleted_groups::TABLE,
    &deleted_service_principals::TABLE,
    &deleted_users::TABLE,
    &detected_apps::TABLE,
    &device_compliance_policies::TABLE,
    &device_configurations::TABLE,
    &device_owners::TABLE,
    &device_users::TABLE,
    &devices::TABLE,
    &directory_role_members::TABLE,
    &directory_roles::TABLE,
    &domains::TABLE,
    &federated_identity_credentials::TABLE,
    &group_members::TABLE,
    &group_owners::TABLE,
    &group_transitive_members::TABLE,
    &groups::TABLE,
    &identity_providers::TABLE,
    &managed_devices::TABLE,
    &managed_identity_sign_ins::TABLE,
    &mobile_apps::TABLE,
    &named_locations::TABLE,
    &non_interactive_sign_ins::TABLE,
    &oauth2_permission_grants::TABLE,
    &organization::TABLE,
    &provisioning_logs::TABLE,
    &risk_detections::TABLE,
    &risky_agents::TABLE,
    &risky_service_principal_history::TABLE,
    &risky_service_principals::TABLE,
    &risky_user_history::TABLE,
    &risky_users::TABLE,
    &role_assignment_schedule_instances::TABLE,
    &role_assignments::TABLE,
    &role_definitions::TABLE,
    &role_eligibility_schedule_instances::TABLE,
    &role_management_alerts::TABLE,
    &security_alerts::TABLE,
    &security_defaults_policy::TABLE,
    &security_incidents::TABLE,
    &service_principal_owners::TABLE,
    &service_principal_risk_detections::TABLE,
    &service_principal_sign_in_activities::TABLE,
    &service_principal_sign_ins::TABLE,
    &service_principals::TABLE,
    &sign_ins::TABLE,
    &subscribed_skus::TABLE,
    &synchronization_jobs::TABLE,
    &user_authentication_methods::TABLE,
    &user_license_details::TABLE,
    &user_mailbox_settings::TABLE,
    &user_member_of::TABLE,
    &user_registration_details::TABLE,
    &users::TABLE,
    &users_registered_by_feature::TABLE,
    &users_registered_by_method::TABLE,
];

/// The kinds of sign-in, each with the table that reads them on the beta endpoint, where
/// all four have one shape.
pub static SIGN_IN_KINDS: &[(&str, &TableSpec)] = &[
    ("interactiveUser", &sign_ins::ON_BETA),
    ("nonInteractiveUser", &non_interactive_sign_ins::TABLE),
    ("servicePrincipal", &service_principal_sign_ins::TABLE),
    ("managedIdentity", &managed_identity_sign_ins::TABLE),
];

/// Finds a table by its name or its alias.
pub fn find(name: &str) -> Option<&'static TableSpec> {
    ALL.iter().copied().find(|t| t.name == name || t.alias == Some(name))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use datafusion::datasource::empty::EmptyTable;
    use datafusion::prelude::SessionContext;

    use super::*;
    use crate::spec::{Column, Kind, NONE, arrow_schema, property_name};

    /// Calls `check` with every column and nested field, and the path to it.
    fn each_column(check: &mut dyn FnMut(&str, &Column)) {
        fn walk(path: &str, columns: &[Column], check: &mut dyn FnMut(&str, &Column)) {
            for column in columns {
                let path = format!("{path}.{}", column.name);
                check(&path, column);
                walk(&path, column.fields(), check);
            }
        }
        for table in ALL {
            walk(table.name, table.columns, check);
        }
    }

    /// Calls `check` with every set of siblings: the columns of a table, the fields of a record.
    fn each_family(check: &mut dyn FnMut(&str, &[Column])) {
        for table in ALL {
            check(table.name, table.columns);
        }
        each_column(&mut |path, column| check(path, column.fields()));
    }

    fn is_snake_case(name: &str) -> bool {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(allowed)
            && !name.contains("__")
            && !name.ends_with('_')
    }

    fn is_description(about: &str) -> bool {
        let words = about.split_whitespace().count();
        (1..=15).contains(&words) && about.ends_with('.') && about.trim() == about
    }

    #[test]
    fn the_checks_below_can_fail() {
        for bad in ["displayName", "display__name", "display_name_", "_id", "1st", ""] {
            assert!(!is_snake_case(bad), "{bad}");
        }
        for bad in ["", ".no stop", " Padded.", "a b c d e f g h i j k l m n o p."] {
            assert!(!is_description(bad), "{bad}");
        }
    }

    #[test]
    fn tables_have_plural_names_of_their_own() {
        let mut seen = HashSet::new();
        for table in ALL {
            let one = table.rows_guess == 1;
            let plural = table.name.ends_with('s') || one || table.parent.is_some();
            assert!(is_snake_case(table.name) && plural, "{}", table.name);
            for name in std::iter::once(table.name).chain(table.alias) {
                assert!(seen.insert(name), "{name} twice");
                assert!(std::ptr::eq(find(name).expect("listed"), *table), "{name}");
            }
        }
        assert!(find("nothing").is_none());
    }

    #[test]
    fn tables_are_listed_by_name() {
        assert!(ALL.is_sorted_by_key(|t| t.name));
    }

    #[test]
    fn a_table_says_what_it_is_and_needs() {
        for table in ALL {
            assert!(is_description(table.about), "{}", table.name);
            assert!(table.page.starts_with("https://learn.microsoft.com/graph/"), "{}", table.name);
            assert!(table.path.starts_with('/') && !table.path.ends_with('/'), "{}", table.name);
            assert!(!table.permissions.is_empty(), "{}", table.name);
            for permission in table.permissions {
                let reads = permission.contains(".Read.") || permission.ends_with(".Read");
                assert!(reads, "{}: {permission}", table.name);
            }
            assert!((1..=999).contains(&table.page_size), "{}", table.name);
        }
    }

    #[test]
    fn parents_and_key_are_the_first_columns_and_never_null() {
        for table in ALL {
            let identity = table.identity();
            let first = table.columns.iter().take(identity.len());
            assert!(first.map(|c| c.name).eq(identity.iter().map(|c| c.name)), "{}", table.name);
            assert!(identity.iter().all(|column| column.required), "{}", table.name);
            assert_eq!(identity.last().map(|column| column.name), Some(table.key));
        }
    }

    #[test]
    fn the_path_names_the_parents_in_the_order_of_the_parent_table() {
        for table in ALL {
            let parents: Vec<_> = table.parents().map(|column| column.name).collect();
            let holes =
                table.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
            assert!(holes.eq(parents.iter().copied()), "{}", table.name);
            let above = table.parent.map_or(0, |parent| parent.identity().len());
            assert_eq!(above, parents.len(), "{}", table.name);
        }
    }

    #[test]
    fn the_newest_first_column_is_an_instant_that_can_be_bounded() {
        for (table, name) in ALL.iter().filter_map(|t| Some((t, t.newest_first?))) {
            let column = table.column(name).unwrap_or_else(|| panic!("{}.{name}", table.name));
            assert!(matches!(column.kind, Kind::Time), "{}.{name}", table.name);
            assert!(column.ops.has(crate::spec::RANGE), "{}.{name}", table.name);
        }
    }

    #[test]
    fn names_are_snake_case_and_unique_among_siblings() {
        each_family(&mut |path, columns| {
            let mut seen = HashSet::from(["raw"]);
            for column in columns {
                assert!(is_snake_case(column.name), "{path}.{}", column.name);
                assert!(seen.insert(column.name), "{path}.{} twice", column.name);
            }
        });
    }

    #[test]
    fn properties_are_unique_among_siblings() {
        each_family(&mut |path, columns| {
            let mut seen = HashSet::new();
            for column in columns {
                let property = property_name(column);
                assert!(seen.insert(property.clone()), "{path}: {property} twice");
            }
        });
    }

    #[test]
    fn a_declared_property_is_an_exception() {
        each_column(&mut |path, column| {
            let mechanical = Column { property: None, ..*column };
            assert_ne!(column.property, Some(property_name(&mechanical).as_str()), "{path}");
        });
    }

    #[test]
    fn columns_are_described_in_at_most_fifteen_words() {
        each_column(&mut |path, column| {
            assert!(is_description(column.about), "{path}: {:?}", column.about);
        });
    }

    #[test]
    fn members_are_unique_and_known_ones() {
        each_column(&mut |path, column| {
            let mut seen = HashSet::new();
            for member in column.members {
                assert!(seen.insert(member), "{path}: {member} twice");
                assert!(!member.eq_ignore_ascii_case("unknownFutureValue"), "{path}");
            }
        });
    }

    #[test]
    fn advanced_operators_are_declared_operators() {
        each_column(&mut |path, column| {
            assert_eq!(column.ops.and(column.advanced), column.ops, "{path}");
            assert!(!column.ops.intersects(column.beta_ops), "{path}");
        });
    }

    #[test]
    fn advanced_queries_are_for_directory_objects() {
        for table in ALL.iter().filter(|t| !t.directory) {
            for column in table.columns {
                assert!(column.advanced.is_empty(), "{}.{}", table.name, column.name);
                assert!(!column.sortable_advanced, "{}.{}", table.name, column.name);
            }
        }
    }

    // No equality on instants: Graph keeps seven digits of a second, a column six.
    #[test]
    fn operators_fit_the_type() {
        use crate::spec::{ANY_EQ, ANY_PREFIX, EQ, NULL, PREFIX, RANGE, STRICT};
        each_column(&mut |path, column| {
            let fitting = match column.kind {
                Kind::Text => EQ.and(PREFIX).and(NULL),
                Kind::Flag | Kind::Integer => EQ.and(NULL),
                Kind::Time => RANGE.and(NULL).and(STRICT),
                Kind::List(Kind::Text) => ANY_EQ.and(ANY_PREFIX),
                _ => NONE,
            };
            let declared = column.ops.and(column.beta_ops);
            assert_eq!(fitting.and(declared), fitting, "{path}");
        });
    }

    #[test]
    fn what_comes_one_at_a_time_can_be_had_by_key() {
        for table in ALL {
            for column in table.columns_served() {
                if column.served == crate::spec::Served::OneAtATime {
                    assert!(table.get_by_key, "{}.{}", table.name, column.name);
                    assert!(table.hides(column), "{}.{}", table.name, column.name);
                }
            }
        }
    }

    #[test]
    fn a_table_has_two_examples_at_least() {
        for table in ALL {
            assert!(table.examples.len() >= 2, "{}", table.name);
            for (title, sql) in table.examples {
                assert!(!title.is_empty() && !title.ends_with('.'), "{}: {title}", table.name);
                assert!(sql.contains(table.name), "{}: {title}", table.name);
            }
        }
    }

    #[tokio::test]
    async fn examples_plan() {
        let context = SessionContext::new();
        for table in ALL {
            let rows = Arc::new(EmptyTable::new(arrow_schema(table)));
            context.register_table(table.name, rows).expect("registers");
        }
        for table in ALL {
            for (title, sql) in table.examples {
                let planned = match context.sql(sql).await {
                    Ok(frame) => frame.create_physical_plan().await.map(|_| ()),
                    Err(error) => Err(error),
                };
                assert!(planned.is_ok(), "{}: {title}: {planned:?}", table.name);
            }
        }
    }
}
