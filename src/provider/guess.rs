//! How long a listing may be, guessed from what is declared and what is asked.

use chrono::Duration;

use crate::odata::{Comparison, Filter, Literal, Query};
use crate::provider::plan::{Ask, conjuncts};
use crate::spec::property_name;

/// One value of a text, such as an address or a name, is that of one row in so many.
const ROWS_TO_A_TEXT: usize = 100;
/// Any other filter keeps one row in so many: the guess DataFusion makes, too.
const ROWS_TO_A_FILTER: usize = 5;

/// Returns the rows that reach DataFusion's own guesses, and the pages of the listing.
pub(super) fn of(ask: &Ask<'_>, listing: &Query) -> (usize, u64) {
    let filters: Vec<Filter> = listing.filter.iter().flat_map(conjuncts).collect();
    let span = filters.iter().filter_map(|filter| since(ask, filter)).min();
    let all = span.map_or(ask.spec.rows_guess, |span| within(ask, span));
    let rows = filters
        .iter()
        .filter_map(|filter| texts(ask, filter))
        .fold(all, |rows, texts| rows.min((rows.saturating_mul(texts) / ROWS_TO_A_TEXT).max(1)));
    let is_other = |filter: &Filter| since(ask, filter).is_none() && texts(ask, filter).is_none();
    let others = filters.iter().any(is_other);
    let kept = if others { rows / ROWS_TO_A_FILTER } else { rows };
    let page = listing.top.unwrap_or(ask.spec.page_default as usize).max(1);
    (rows, kept.div_ceil(page).max(1) as u64)
}

/// How long before now a bound on the time of a log lies.
fn since(ask: &Ask<'_>, filter: &Filter) -> Option<Duration> {
    let time = ask.spec.column(ask.spec.newest_first?).map(property_name)?;
    match filter {
        Filter::Compare(path, Comparison::Ge | Comparison::Gt, Literal::Time(at)) => {
            (*path == time).then(|| ask.now - *at)
        }
        _ => None,
    }
}

/// How many texts a filter names, of a column that is no enumeration.
fn texts(ask: &Ask<'_>, filter: &Filter) -> Option<usize> {
    let (path, texts) = match filter {
        Filter::Compare(path, Comparison::Eq, Literal::Text(_)) => (path, 1),
        Filter::In(path, texts) if matches!(texts.first(), Some(Literal::Text(_))) => {
            (path, texts.len())
        }
        _ => return None,
    };
    let column = ask.spec.columns_served().find(|column| property_name(column) == *path)?;
    column.members.is_empty().then_some(texts)
}

/// The rows of so long, if all days are alike.
fn within(ask: &Ask<'_>, span: Duration) -> usize {
    let days = i64::from(ask.spec.retention_days.unwrap_or(30)).max(1);
    let minutes = |span: Duration| usize::try_from(span.num_minutes().max(1)).unwrap_or(1);
    let all = minutes(Duration::days(days));
    let part = minutes(span).min(all);
    (ask.spec.rows_guess.saturating_mul(part) / all).max(1)
}
