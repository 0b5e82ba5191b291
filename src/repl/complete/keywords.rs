//! Words of SQL, by where they can stand.

/// Words a statement begins with.
pub(super) const STATEMENTS: &[&str] = &[
    "COPY", "CREATE", "DESCRIBE", "DROP", "EXPLAIN", "RESET", "SELECT", "SET", "SHOW", "VALUES",
    "WITH",
];

/// Words a query begins with.
pub(super) const QUERIES: &[&str] = &["SELECT", "VALUES", "WITH"];

/// Words after EXPLAIN.
pub(super) const EXPLAINS: &[&str] = &["ANALYZE", "FORMAT", "SELECT", "VERBOSE", "WITH"];

/// Words between two queries.
pub(super) const UNIONS: &[&str] = &["ALL", "DISTINCT", "SELECT", "VALUES", "WITH"];

/// Words that stand where a value can.
pub(super) const OPERANDS: &[&str] = &[
    "CASE",
    "CAST",
    "EXISTS",
    "EXTRACT",
    "FALSE",
    "INTERVAL",
    "NOT",
    "NULL",
    "TIMESTAMP",
    "TRUE",
    "TRY_CAST",
];

/// Words after a value, in any clause.
pub(super) const OPERATORS: &[&str] = &[
    "AND", "BETWEEN", "ELSE", "END", "ILIKE", "IN", "IS", "LIKE", "NOT", "OR", "OVER", "SIMILAR",
    "THEN", "WHEN",
];

/// Words after an item of a SELECT list.
pub(super) const AFTER_ITEM: &[&str] = &["AS", "EXCLUDE", "FILTER", "FROM", "OVER"];

/// Words after a table.
pub(super) const AFTER_TABLE: &[&str] = &[
    "AS",
    "CROSS",
    "EXCEPT",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "ON",
    "ORDER",
    "OUTER",
    "RIGHT",
    "UNION",
    "USING",
    "WHERE",
];

/// Words after a condition.
pub(super) const AFTER_CONDITION: &[&str] = &[
    "CROSS",
    "EXCEPT",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "ORDER",
    "RIGHT",
    "UNION",
    "WHERE",
];

/// Words after an item of GROUP BY or ORDER BY.
pub(super) const AFTER_BY: &[&str] = &[
    "ASC", "DESC", "FIRST", "HAVING", "LAST", "LIMIT", "NULLS", "OFFSET", "ORDER", "RANGE", "ROWS",
    "UNION",
];

/// Words after a number of rows.
pub(super) const AFTER_LIMIT: &[&str] = &["OFFSET", "UNION"];

/// Words after IS.
pub(super) const AFTER_IS: &[&str] = &["DISTINCT", "FALSE", "NOT", "NULL", "TRUE", "UNKNOWN"];

/// Words after NOT, where it negates what stands before it.
pub(super) const AFTER_NOT: &[&str] = &["BETWEEN", "ILIKE", "IN", "LIKE", "SIMILAR"];

/// Words after SHOW that are no setting.
pub(super) const SHOWS: &[&str] = &["ALL", "COLUMNS", "FUNCTIONS", "TABLES"];

/// Words after CREATE and DROP.
pub(super) const OBJECTS: &[&str] = &["EXTERNAL", "OR", "SCHEMA", "TABLE", "VIEW"];

/// Unquoted words that are followed by a value, not by an operator.
pub(super) const OPENERS: &[&str] = &[
    "ALL", "AND", "ANY", "BETWEEN", "BY", "CASE", "DISTINCT", "ELSE", "EXISTS", "FROM", "HAVING",
    "ILIKE", "IN", "INTERVAL", "LIKE", "LIMIT", "NOT", "OFFSET", "ON", "OR", "OVER", "SELECT",
    "THEN", "USING", "WHEN", "WHERE",
];

/// Words that stand in no list above.
const OTHERS: &[&str] = &[
    "ANTI",
    "CUBE",
    "CURRENT",
    "EXTERNAL",
    "FETCH",
    "FOLLOWING",
    "IF",
    "INSERT",
    "INTO",
    "LATERAL",
    "LOCATION",
    "MATERIALIZED",
    "ONLY",
    "PARTITION",
    "PRECEDING",
    "QUALIFY",
    "RECURSIVE",
    "REPLACE",
    "ROLLUP",
    "ROW",
    "SEMI",
    "STORED",
    "TEMPORARY",
    "TO",
    "UNBOUNDED",
    "UNNEST",
    "UPDATE",
    "DELETE",
    "WINDOW",
];

/// Tells whether a word, in lower case, is one of SQL's own.
pub(in crate::repl) fn is_keyword(word: &str) -> bool {
    const ALL: &[&[&str]] = &[
        STATEMENTS,
        EXPLAINS,
        UNIONS,
        OPERANDS,
        OPERATORS,
        AFTER_ITEM,
        AFTER_TABLE,
        AFTER_CONDITION,
        AFTER_BY,
        AFTER_LIMIT,
        AFTER_IS,
        AFTER_NOT,
        OBJECTS,
        OPENERS,
        OTHERS,
    ];
    ALL.iter().any(|words| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
}
