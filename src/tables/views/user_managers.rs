//! `user_managers`: who reports to whom, for everybody, in the pages of one listing.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("user_managers", SQL)
    .about("Users and their managers; who has none is not here.")
    .columns(&[
        ("user_id", "Object id of the user."),
        ("user_principal_name", "Sign-in name of the user."),
        ("display_name", "Name of the user."),
        ("manager_id", "Object id of the manager."),
        ("manager_principal_name", "Sign-in name of the manager."),
        ("manager_display_name", "Name of the manager."),
        ("manager_mail", "Mail address of the manager."),
        ("manager_job_title", "Job title of the manager."),
        ("manager_enabled", "Whether the manager can sign in."),
    ])
    .examples(&[
        (
            "People whose manager's account is disabled",
            "SELECT user_principal_name, manager_principal_name
               FROM user_managers
              WHERE NOT manager_enabled
              ORDER BY user_principal_name",
        ),
        (
            "Who leads the most people",
            "SELECT manager_display_name, manager_job_title, count(*) AS reports
               FROM user_managers
              GROUP BY manager_id, manager_display_name, manager_job_title
              ORDER BY reports DESC, manager_display_name
              LIMIT 10",
        ),
    ]);

const SQL: &str = "\
SELECT id AS user_id, user_principal_name, display_name,
       manager['id'] AS manager_id,
       manager['user_principal_name'] AS manager_principal_name,
       manager['display_name'] AS manager_display_name,
       manager['mail'] AS manager_mail,
       manager['job_title'] AS manager_job_title,
       manager['account_enabled'] AS manager_enabled
  FROM users
 WHERE manager['id'] IS NOT NULL";
