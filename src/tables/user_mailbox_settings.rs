//! `user_mailbox_settings`: how the mailbox of a user is set up. Users without one have no row.

use crate::spec::{Column, TableSpec, choice, parent, record, text};
use crate::tables::user_shapes::{
    AUTOMATIC_REPLIES, DELEGATE_DELIVERY, LOCALE, PURPOSES, WORKING_HOURS,
};
use crate::tables::users;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::single("user_mailbox_settings", "/users/{user_id}/mailboxSettings")
        .per(&users::TABLE)
        .key("user_id")
        .about("Mailbox settings of users: purpose, automatic replies, time zone.")
        .page("https://learn.microsoft.com/graph/api/user-get-mailboxsettings")
        .permissions(&["MailboxSettings.Read"])
        .no_select()
        .rows_guess(10_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Automatic replies of one department",
                "SELECT u.display_name, m.automatic_replies_setting['status'] AS replies,
                        m.automatic_replies_setting['external_audience'] AS to_outsiders
                   FROM users u
                   JOIN user_mailbox_settings m ON m.user_id = u.id
                  WHERE u.department = 'Finance'",
            ),
            (
                "Shared mailboxes, and whether anybody can sign in as them",
                "SELECT u.user_principal_name, u.account_enabled
                   FROM users u
                   JOIN user_mailbox_settings m ON m.user_id = u.id
                  WHERE m.user_purpose = 'shared'",
            ),
        ]);

const COLUMNS: &[Column] = &[
    parent("user_id", "Object id of the user."),
    choice("user_purpose", PURPOSES, "What the mailbox is for, e.g. `user`, `shared`, `room`."),
    record("automatic_replies_setting", AUTOMATIC_REPLIES, "Out-of-office messages."),
    text("archive_folder", "Id of the archive folder."),
    choice(
        "delegate_meeting_message_delivery_options",
        DELEGATE_DELIVERY,
        "Who receives meeting messages: the delegate, the owner or both.",
    ),
    record("language", LOCALE, "Language of the mailbox."),
    text("date_format", "Date format, e.g. `yyyy-MM-dd`."),
    text("time_format", "Time format, e.g. `HH:mm`."),
    text("time_zone", "Time zone of the mailbox."),
    record("working_hours", WORKING_HOURS, "Days and hours of work."),
];
