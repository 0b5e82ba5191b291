//! `deleted_users`: accounts that were deleted in the last 30 days.
//!
//! The sign-in name begins with the object id, so that the old name is free for somebody else;
//! `mail` and `identities` still tell it.

use crate::spec::{License, TableSpec};
use crate::tables::users::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("deleted_users", "/directory/deletedItems/microsoft.graph.user")
        .about("Accounts that were deleted and can still be restored.")
        .page("https://learn.microsoft.com/graph/api/directory-deleteditems-list")
        .permissions(&["User.Read.All"])
        .license(License::Any)
        .directory(1)
        .page_size(100, 999)
        .retention_days(30)
        .rows_guess(100)
        .cast()
        .columns(COLUMNS)
        .examples(&[
            (
                "Accounts deleted this week, and how long they can be restored",
                "SELECT display_name, mail, deleted_date_time,
                        deleted_date_time + interval '30 days' AS gone_for_good
                   FROM deleted_users
                  WHERE deleted_date_time > now() - interval '7 days'
                  ORDER BY deleted_date_time DESC",
            ),
            (
                "Guests that were deleted",
                "SELECT display_name, mail, deleted_date_time
                   FROM deleted_users
                  WHERE user_type = 'Guest'",
            ),
            (
                "Deleted accounts that signed in on their last day",
                "SELECT d.display_name, d.deleted_date_time, max(s.created_date_time) AS last_seen
                   FROM deleted_users d
                   JOIN sign_ins s ON s.user_id = d.id
                  WHERE s.created_date_time > now() - interval '30 days'
                    AND s.created_date_time > d.deleted_date_time - interval '1 day'
                  GROUP BY d.display_name, d.deleted_date_time",
            ),
        ]);
