//! `named_locations`: networks and countries that Conditional Access knows by name.
//!
//! Two kinds in one list: the columns of the other kind are null. `$select` knows only what
//! both have in common, so none is sent.

use crate::spec::{
    Bucket, Column, Kind, License, TableSpec, choice, flag, list, text, texts, time,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("named_locations", "/identity/conditionalAccess/namedLocations")
        .about("Networks and countries that Conditional Access policies refer to.")
        .page("https://learn.microsoft.com/graph/api/resources/namedlocation")
        .permissions(&["Policy.Read.All"])
        .license(License::Any)
        .bucket(Bucket::IdentityProtection)
        .page_size(100, 100)
        .no_select()
        .no_top()
        .get_by_key()
        .rows_guess(20)
        .columns(COLUMNS)
        .examples(&[
            (
                "Networks that are trusted",
                "SELECT display_name, range['cidr_address'] AS network, modified_date_time
                   FROM (SELECT display_name, is_trusted, modified_date_time,
                                unnest(ip_ranges) AS range
                           FROM named_locations)
                  WHERE is_trusted
                  ORDER BY display_name, network",
            ),
            (
                "Countries, and whether unknown ones count among them",
                "SELECT display_name, countries_and_regions, country_lookup_method,
                        include_unknown_countries_and_regions
                   FROM named_locations
                  WHERE country_lookup_method IS NOT NULL
                  ORDER BY display_name",
            ),
        ]);

// Graph takes `createdDateTime ge` and nothing else without naming the kind: not enough to
// send a range.
const COLUMNS: &[Column] = &[
    text("id", "Location id, as in policies.").required(),
    text("display_name", "Name.").required(),
    text("location_type", "`#microsoft.graph.ipNamedLocation` or `…countryNamedLocation`.")
        .property("@odata.type"),
    flag("is_trusted", "Lowers the risk of sign-ins; networks only."),
    list("ip_ranges", &Kind::Record(RANGE), "The addresses; networks only."),
    texts("countries_and_regions", "Two-letter countries; countries only."),
    choice("country_lookup_method", METHODS, "How the country is found; countries only."),
    flag("include_unknown_countries_and_regions", "Addresses of no known country count too."),
    time("created_date_time", "When it was made."),
    time("modified_date_time", "When it was last changed."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];

const METHODS: &[&str] = &["clientIpAddress", "authenticatorAppGps"];

const RANGE: &[Column] = &[
    text("cidr_address", "Network, e.g. `203.0.113.0/24`."),
    text("lower_address", "First address, where it is no network."),
    text("upper_address", "Last address, where it is no network."),
];
