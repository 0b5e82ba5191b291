//! The embedded fault scripts, by name.

/// Builds the list of scripts from their file names.
macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../fixtures/faults/", $name, ".json")))),*]
    };
}

/// Names and texts of the scripts in `fixtures/faults`.
pub(crate) const SCRIPTS: &[(&str, &str)] = scripts![
    "401_always",
    "401_first",
    "401_once",
    "403_license_once",
    "403_page_3",
    "404_page_2",
    "408_once",
    "410_page_2",
    "429_always",
    "429_date",
    "429_date_past",
    "429_day",
    "429_empty",
    "429_first",
    "429_fraction",
    "429_garbage",
    "429_huge",
    "429_negative",
    "429_no_header",
    "429_seconds",
    "429_thrice",
    "500_always",
    "500_once",
    "502_once",
    "503_always",
    "503_html",
    "503_plain",
    "503_retry_after",
    "504_empty",
    "504_once",
    "bom",
    "close_before",
    "cut_chunked",
    "cut_close",
    "cut_close_first",
    "cut_length",
    "drip",
    "drip_slow",
    "duplicate",
    "duplicate_keys",
    "empty_first",
    "empty_many",
    "empty_middle",
    "error_200",
    "error_200_always",
    "filter_refused",
    "gzip_bomb",
    "gzip_bomb_always",
    "gzip_checksum",
    "gzip_cut",
    "gzip_good",
    "gzip_unknown",
    "html_200",
    "invalid_utf8",
    "json_empty",
    "json_truncated",
    "json_truncated_always",
    "last_empty",
    "last_null",
    "late",
    "lone_surrogate",
    "loop_1",
    "loop_2",
    "nested_10",
    "nested_1000",
    "next_backslash",
    "next_garbage",
    "next_other_host",
    "next_other_port",
    "next_other_resource",
    "next_other_scheme",
    "next_other_version",
    "next_protocol_relative",
    "next_traversal",
    "next_traversal_encoded",
    "next_userinfo",
    "redirect",
    "reset_always",
    "reset_before",
    "reset_between",
    "reset_inside",
    "skip_token_null",
    "stall",
    "token_429_once",
    "token_503_once",
    "token_empty_object",
    "token_expired_page",
    "token_html",
    "token_secret_expired",
    "value_missing",
    "value_null",
    "value_object",
    "wrong_exponent",
    "wrong_numbers",
    "wrong_times",
    "wrong_types",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/faults");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(files, SCRIPTS.len());
    }
}
