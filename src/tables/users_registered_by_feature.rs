//! `users_registered_by_feature`: how many users could use MFA, password reset and passwordless.
//!
//! One row with a list inside, counted by Graph; `user_registration_details` has the users.

use crate::spec::{Bucket, Column, Kind, License, TableSpec, choice, list, long};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::single(
    "users_registered_by_feature",
    "/reports/authenticationMethods/usersRegisteredByFeature(includedUserTypes='all',includedUserRoles='all')",
)
.about("How many users are registered for and capable of each feature.")
.page("https://learn.microsoft.com/graph/api/resources/userregistrationfeaturesummary")
.key("user_types")
.permissions(&["AuditLog.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.no_select()
.columns(COLUMNS)
.examples(&[
    (
        "Share of users per feature",
        "SELECT count['feature'] AS feature, count['user_count'] AS users,
                round(100.0 * count['user_count'] / total_user_count, 1) AS percent
           FROM (SELECT total_user_count, unnest(user_registration_feature_counts) AS count
                   FROM users_registered_by_feature)
          ORDER BY users DESC",
    ),
    (
        "Users who cannot do MFA",
        "SELECT total_user_count - count['user_count'] AS users
           FROM (SELECT total_user_count, unnest(user_registration_feature_counts) AS count
                   FROM users_registered_by_feature)
          WHERE count['feature'] = 'mfaCapable'",
    ),
]);

const COLUMNS: &[Column] = &[
    choice("user_types", TYPES, "Whom it counts: `all`.").required(),
    choice("user_roles", ROLES, "Whom it counts: `all`."),
    long("total_user_count", "Users counted."),
    list("user_registration_feature_counts", &Kind::Record(COUNT), "How many per feature.")
        .required(),
];

const COUNT: &[Column] = &[
    choice("feature", FEATURES, "E.g. `mfaCapable`, `ssprRegistered`."),
    long("user_count", "Users."),
];

const FEATURES: &[&str] =
    &["ssprRegistered", "ssprEnabled", "ssprCapable", "passwordlessCapable", "mfaCapable"];
const TYPES: &[&str] = &["all", "member", "guest"];
const ROLES: &[&str] = &["all", "privilegedAdmin", "admin", "user"];
