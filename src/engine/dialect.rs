//! The SQL we speak: DataFusion's generic dialect, and lambdas.
//!
//! Lambdas (`array_any_match(list, x -> …)`) are how nested audit data is searched. The
//! dialects that come with them read `f(column = 1)` as a named argument.

use std::any::TypeId;

use datafusion::sql::sqlparser::ast::Expr;
use datafusion::sql::sqlparser::dialect::{Dialect, GenericDialect};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;

/// The dialect of every statement.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct EntraDialect;

/// A dialect can't inherit, so every switch the generic one turns on is passed through.
macro_rules! as_generic {
    ($($switch:ident)*) => { $(fn $switch(&self) -> bool { GenericDialect.$switch() })* };
}

impl Dialect for EntraDialect {
    fn dialect(&self) -> TypeId {
        TypeId::of::<GenericDialect>()
    }

    fn supports_lambda_functions(&self) -> bool {
        true
    }

    fn is_delimited_identifier_start(&self, c: char) -> bool {
        GenericDialect.is_delimited_identifier_start(c)
    }

    fn is_identifier_start(&self, c: char) -> bool {
        GenericDialect.is_identifier_start(c)
    }

    fn is_identifier_part(&self, c: char) -> bool {
        GenericDialect.is_identifier_part(c)
    }

    /// `user` is a column of many an OCSF class, and there is no function of that name.
    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        let Token::Word(word) = parser.peek_token_ref().token.clone() else { return None };
        let calls = matches!(parser.peek_nth_token_ref(1).token, Token::LParen);
        if word.keyword != Keyword::USER || word.quote_style.is_some() || calls {
            return None;
        }
        let span = parser.next_token().span;
        Some(Ok(Expr::Identifier(word.into_ident(span))))
    }

    as_generic! {
        allow_extract_custom allow_extract_single_quotes support_map_literal_syntax
        supports_array_join_syntax supports_array_typedef_with_brackets
        supports_asc_desc_in_column_definition supports_bitwise_shift_operators
        supports_comma_separated_set_assignments supports_comma_separated_trim
        supports_comment_on supports_comment_optimizer_hint supports_connect_by
        supports_constraint_keyword_without_name supports_create_index_with_clause
        supports_create_view_comment_syntax supports_cte_without_as
        supports_data_type_signed_suffix supports_detach supports_dictionary_syntax
        supports_empty_projections supports_explain_with_utility_options
        supports_extract_comma_syntax supports_filter_during_aggregation
        supports_from_first_select supports_group_by_expr supports_group_by_with_modifier
        supports_install supports_interpolate supports_interval_options
        supports_key_column_option supports_left_associative_joins_without_parens
        supports_limit_by supports_limit_comma supports_load_extension supports_match_against
        supports_match_recognize supports_multiline_comment_hints
        supports_named_fn_args_with_assignment_operator supports_nested_comments
        supports_optimize_table supports_parens_around_table_factor
        supports_parenthesized_set_variables supports_partition_by_after_order_by
        supports_pipe_operator supports_prewhere supports_projection_trailing_commas
        supports_quote_delimited_string supports_select_format
        supports_select_item_multi_column_alias supports_select_wildcard_except
        supports_select_wildcard_exclude supports_select_wildcard_ilike
        supports_select_wildcard_rename supports_select_wildcard_replace supports_set_names
        supports_settings supports_start_transaction_modifier supports_string_escape_constant
        supports_struct_literal supports_try_convert supports_unicode_string_literal
        supports_update_order_by supports_user_host_grantee supports_values_as_table_factor
        supports_window_clause_named_window_reference supports_window_function_null_treatment_arg
        supports_with_fill supports_xml_expressions
    }
}
