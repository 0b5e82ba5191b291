//! Terminal columns: how wide text is, how to cut it, how columns share a line.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// No column is squeezed below this; a table that would need to is shown line by line.
pub(super) const NARROWEST: usize = 8;

/// Returns the number of terminal cells of a text.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Shares a line among columns of these natural widths, borders included.
///
/// Only the widest columns shrink, all to the same width. Returns `None` when
/// that width would be below [`NARROWEST`].
pub(super) fn fit(natural: &[usize], line: Option<usize>) -> Option<Vec<usize>> {
    let Some(line) = line else { return Some(natural.to_vec()) };
    let room = line.checked_sub(3 * natural.len() + 1)?;
    let total = |cap: usize| natural.iter().map(|w| (*w).min(cap)).sum::<usize>();
    let widest = natural.iter().copied().max().unwrap_or(0);
    let cap =
        (NARROWEST..=widest.min(room).max(NARROWEST)).rev().find(|&cap| total(cap) <= room)?;
    let mut spare = room - total(cap);
    let share = |&w: &usize| {
        let extra = usize::from(w > cap && spare > 0);
        spare -= extra;
        w.min(cap) + extra
    };
    Some(natural.iter().map(share).collect())
}

/// Cuts a text to a width, ending in `…` when something is missing.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let mut used = 0;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < limit
        })
        .collect();
    // A sequence can be wider than the sum of its characters.
    while width(&kept) + 1 > limit && kept.pop().is_some() {}
    kept.push('…');
    kept
}

/// Which side of a cell is filled up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Fills a text up to a width; `shown` may carry colors that take no room.
pub(super) fn pad(shown: &str, taken: usize, to: usize, align: Align) -> String {
    let fill = " ".repeat(to.saturating_sub(taken));
    match align {
        Align::Left => format!("{shown}{fill}"),
        Align::Right => format!("{fill}{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_cells() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("山田"), 4);
        assert_eq!(width("👩"), 2);
        assert_eq!(width("e\u{301}"), 1);
    }

    #[test]
    fn a_cut_text_fits_and_says_so() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 5), "abcd…");
        assert_eq!(cut("山田太郎", 6), "山田…");
        assert_eq!(cut("山田太郎", 5), "山田…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
    }

    #[test]
    fn a_cut_text_never_exceeds_its_width() {
        for text in ["❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}", "🇩🇪🇫🇷🇯🇵", "👍🏽👍🏽👍🏽", "aa山bb田", "مريم"]
        {
            for limit in 1..10 {
                assert!(width(&cut(text, limit)) <= limit, "{text} in {limit}");
            }
        }
    }

    #[test]
    fn without_a_limit_nothing_shrinks() {
        assert_eq!(fit(&[3, 500], None), Some(vec![3, 500]));
    }

    #[test]
    fn only_the_widest_columns_shrink() {
        // 40 cells less 10 of borders leave 30.
        assert_eq!(fit(&[5, 36, 20], Some(40)), Some(vec![5, 13, 12]));
        assert_eq!(fit(&[5, 10, 15], Some(40)), Some(vec![5, 10, 15]));
    }

    #[test]
    fn columns_that_cannot_fit_are_refused() {
        assert_eq!(fit(&[20, 20, 20], Some(33)), None);
        assert_eq!(fit(&[20, 20, 20], Some(34)), Some(vec![8, 8, 8]));
        assert_eq!(fit(&[1], Some(1)), None);
    }
}
