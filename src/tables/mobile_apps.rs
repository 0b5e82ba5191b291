//! `mobile_apps`: software that Intune hands out.
//!
//! One kind per platform and store in one list; what a kind has in particular is in `raw`.

use crate::spec::{
    Bucket, Column, License, TableSpec, choice, flag, integer, record, text, texts, time,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("mobile_apps", "/deviceAppManagement/mobileApps")
        .about("Software that Intune offers to devices or installs on them.")
        .page("https://learn.microsoft.com/graph/api/resources/intune-apps-mobileapp")
        .permissions(&["DeviceManagementApps.Read.All"])
        .license(License::Intune)
        .bucket(Bucket::Intune)
        .ignores_filter()
        .page_size(100, 100)
        .no_select()
        .no_top()
        .get_by_key()
        .rows_guess(300)
        .columns(COLUMNS)
        .examples(&[
            (
                "What was published lately",
                "SELECT display_name, publisher, app_type, created_date_time
                   FROM mobile_apps
                  WHERE publishing_state = 'published'
                    AND created_date_time > now() - interval '30 days'
                  ORDER BY created_date_time DESC",
            ),
            (
                "Software nobody is named for",
                "SELECT display_name, publisher, app_type, last_modified_date_time
                   FROM mobile_apps
                  WHERE coalesce(owner, '') = ''
                  ORDER BY last_modified_date_time",
            ),
        ]);

const PUBLISHING: &[&str] = &["notPublished", "processing", "published"];

// No filter is documented.
const COLUMNS: &[Column] = &[
    text("id", "App id in Intune.").required(),
    text("display_name", "Name."),
    text("app_type", "Kind, e.g. `#microsoft.graph.win32LobApp`.").property("@odata.type"),
    text("description", "What it does."),
    text("publisher", "Publisher."),
    text("developer", "Developer."),
    text("owner", "Who looks after it."),
    choice("publishing_state", PUBLISHING, "Whether it can be installed yet."),
    flag("is_featured", "Shown first in the Company Portal."),
    text("notes", "What an administrator wrote about it."),
    text("information_url", "Page about it."),
    text("privacy_information_url", "Its privacy statement."),
    time("created_date_time", "When it was added."),
    time("last_modified_date_time", "When it was last changed."),
    record("large_icon", ICON, "Picture, which makes replies large.").hidden(),
    flag("is_assigned", "Assigned to at least one group.").beta(),
    integer("dependent_app_count", "Apps it depends on.").beta(),
    integer("superseding_app_count", "Apps it replaces.").beta(),
    integer("superseded_app_count", "Apps that replace it.").beta(),
    integer("upload_state", "How far the upload is: 0 not ready, 1 ready, 2 processing.").beta(),
    texts("role_scope_tag_ids", "Scope tags.").beta(),
];

const ICON: &[Column] =
    &[text("type", "Media type, e.g. `image/png`."), text("value", "The picture, in Base64.")];
