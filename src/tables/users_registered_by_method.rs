//! `users_registered_by_method`: how many users have registered each authentication method.
//!
//! One row with a list inside, counted by Graph; `user_registration_details` has the users.

use crate::spec::{Bucket, Column, Kind, License, TableSpec, choice, list, long, text};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::single(
    "users_registered_by_method",
    "/reports/authenticationMethods/usersRegisteredByMethod(includedUserTypes='all',includedUserRoles='all')",
)
.about("How many users have registered each authentication method.")
.page("https://learn.microsoft.com/graph/api/resources/userregistrationmethodsummary")
.key("user_types")
.permissions(&["AuditLog.Read.All"])
.license(License::P1)
.bucket(Bucket::Reports)
.no_select()
.columns(COLUMNS)
.examples(&[
    (
        "Which methods are in use",
        "SELECT count['authentication_method'] AS method, count['user_count'] AS users
           FROM (SELECT unnest(user_registration_method_counts) AS count
                   FROM users_registered_by_method)
          ORDER BY users DESC",
    ),
    (
        "Methods that can be phished over the phone",
        "SELECT count['authentication_method'] AS method, count['user_count'] AS users
           FROM (SELECT unnest(user_registration_method_counts) AS count
                   FROM users_registered_by_method)
          WHERE count['authentication_method'] LIKE '%Phone'",
    ),
]);

const COLUMNS: &[Column] = &[
    choice("user_types", TYPES, "Whom it counts: `all`.").required(),
    choice("user_roles", ROLES, "Whom it counts: `all`."),
    long("total_user_count", "Users counted."),
    list("user_registration_method_counts", &Kind::Record(COUNT), "How many per method.")
        .required(),
];

const COUNT: &[Column] = &[
    text("authentication_method", "E.g. `mobilePhone`, `windowsHelloForBusiness`."),
    long("user_count", "Users."),
];

const TYPES: &[&str] = &["all", "member", "guest"];
const ROLES: &[&str] = &["all", "privilegedAdmin", "admin", "user"];
