//! Terminal columns: how wide text is, how to cut it, how columns share a line.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// No text is squeezed below this: a GUID or an address cut shorter tells nothing.
const NARROWEST: usize = 16;

/// No name of a column is squeezed below this.
const NARROWEST_NAME: usize = 8;

/// How wide a column wants to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    /// Cells of its name.
    pub(super) name: usize,
    /// Cells of its widest value.
    pub(super) values: usize,
    /// A number or a time that is cut is a wrong one.
    pub(super) is_rigid: bool,
}

impl Wish {
    fn natural(&self) -> usize {
        self.name.max(self.values)
    }

    fn least(&self) -> usize {
        let values = if self.is_rigid { self.values } else { self.values.min(NARROWEST) };
        values.max(self.name.min(NARROWEST_NAME))
    }
}

/// Returns the number of terminal cells of a text.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Shares a line among columns, borders included.
///
/// Only the widest columns shrink, all to the same width, and none below its least.
/// Returns `None` when that is still too wide.
pub(super) fn fit(wishes: &[Wish], line: Option<usize>) -> Option<Vec<usize>> {
    let Some(line) = line else { return Some(wishes.iter().map(Wish::natural).collect()) };
    let room = line.checked_sub(3 * wishes.len() + 1)?;
    let at = |wish: &Wish, cap: usize| wish.natural().min(cap.max(wish.least()));
    let total = |cap: usize| wishes.iter().map(|wish| at(wish, cap)).sum::<usize>();
    let widest = wishes.iter().map(Wish::natural).max().unwrap_or(0);
    let cap = (0..=widest.min(room)).rev().find(|&cap| total(cap) <= room)?;
    let mut spare = room - total(cap);
    let share = |wish: &Wish| {
        let width = at(wish, cap);
        let extra = usize::from(wish.natural() > width && spare > 0);
        spare -= extra;
        width + extra
    };
    Some(wishes.iter().map(share).collect())
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

    fn texts<const N: usize>(widths: [usize; N]) -> [Wish; N] {
        widths.map(|values| Wish { name: 1, values, is_rigid: false })
    }

    #[test]
    fn without_a_limit_nothing_shrinks() {
        assert_eq!(fit(&texts([3, 500]), None), Some(vec![3, 500]));
    }

    #[test]
    fn only_the_widest_columns_shrink() {
        // 60 cells less 10 of borders leave 50.
        assert_eq!(fit(&texts([5, 36, 30]), Some(60)), Some(vec![5, 23, 22]));
        assert_eq!(fit(&texts([5, 10, 35]), Some(60)), Some(vec![5, 10, 35]));
    }

    #[test]
    fn columns_that_cannot_fit_are_refused() {
        assert_eq!(fit(&texts([20, 20, 20]), Some(57)), None);
        assert_eq!(fit(&texts([20, 20, 20]), Some(58)), Some(vec![16, 16, 16]));
        assert_eq!(fit(&texts([1]), Some(1)), None);
    }

    #[test]
    fn a_number_keeps_its_digits_and_its_name_gives_way() {
        let number = Wish { name: 30, values: 12, is_rigid: true };
        let text = Wish { name: 4, values: 60, is_rigid: false };
        assert_eq!(fit(&[number, text], Some(47)), Some(vec![20, 20]));
        assert_eq!(fit(&[number, text], Some(35)), Some(vec![12, 16]));
        assert_eq!(fit(&[number, text], Some(34)), None);
    }
}
