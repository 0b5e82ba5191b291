//! `user_license_details`: the licenses of a user with the services inside.
//!
//! Graph tells it user by user. `users.assigned_licenses` has the products of all users in one
//! listing, and `subscribed_skus` their names.

use crate::spec::{Column, Kind, TableSpec, choice, list, parent, text};
use crate::tables::users;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("user_license_details", "/users/{user_id}/licenseDetails")
        .per(&users::TABLE)
        .about("Licenses of users, with the state of every service plan.")
        .page("https://learn.microsoft.com/graph/api/user-list-licensedetails")
        .permissions(&["LicenseAssignment.Read.All", "User.Read.All", "Directory.Read.All"])
        .units(2)
        .no_top()
        .rows_guess(20_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "What one user is licensed for",
                "SELECT l.sku_part_number, l.service_plans
                   FROM users u
                   JOIN user_license_details l ON l.user_id = u.id
                  WHERE u.user_principal_name = 'lena.fischer@haldenvoss.example'",
            ),
            (
                "Services that wait for something, in one department",
                "SELECT user_principal_name, sku_part_number, plan['service_plan_name'] AS plan
                   FROM (SELECT u.user_principal_name, l.sku_part_number,
                                unnest(l.service_plans) AS plan
                           FROM users u
                           JOIN user_license_details l ON l.user_id = u.id
                          WHERE u.department = 'Legal')
                  WHERE plan['provisioning_status'] LIKE 'Pending%'",
            ),
        ]);

const COLUMNS: &[Column] = &[
    parent("user_id", "Object id of the user."),
    // Upper and lower case matter in it.
    text("id", "Id of the assignment.").required(),
    text("sku_id", "Product id, as in `subscribed_skus`."),
    text("sku_part_number", "Product name, e.g. `SPE_E5`."),
    list("service_plans", &Kind::Record(PLAN), "The services inside."),
];

const PLAN: &[Column] = &[
    text("service_plan_id", "Service plan id."),
    text("service_plan_name", "Name, e.g. `AAD_PREMIUM_P2`."),
    choice("provisioning_status", STATES, "`Success`, `Disabled`, or what it waits for."),
    text("applies_to", "`User` or `Company`."),
];

const STATES: &[&str] =
    &["Success", "Disabled", "PendingInput", "PendingActivation", "PendingProvisioning", "Error"];
