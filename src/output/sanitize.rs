//! Text from the tenant, made harmless for a terminal.
//!
//! A display name is written by whoever owns the account. Escape sequences,
//! direction marks and invisible characters become visible escapes.

use std::borrow::Cow;
use std::fmt::Write;

/// Characters that steer, reorder or hide text, as inclusive ranges.
///
/// Combining marks and the two emoji selectors stay: without them names lose
/// letters.
const UNSAFE: &[(char, char)] = &[
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    // Soft hyphen, grapheme joiner, Arabic direction mark, Hangul fillers.
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    // Zero-width characters, direction marks, line and paragraph separators.
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    // Musical format characters, tags and the selectors nobody types.
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Returns the text with everything invisible or steering shown as `\u{1b}`, `\n`, `\t`.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, &[], |c, out| out.extend(c.escape_default()))
}

/// Like [`visible`], but keeps the characters that structure the format itself.
pub(super) fn visible_except<'a>(text: &'a str, kept: &[char]) -> Cow<'a, str> {
    escaped(text, kept, |c, out| out.extend(c.escape_default()))
}

/// Like [`visible`], in JSON's own escapes, so that the text stays the same JSON.
pub fn visible_json(text: &str) -> Cow<'_, str> {
    escaped(text, &['\n'], |c, out| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// Like [`visible`], for a line somebody edits: as wide as the text itself, so that the cursor
/// stays where it belongs. A control character is drawn as a mark, a hidden one not at all.
pub fn inert(text: &str) -> Cow<'_, str> {
    escaped(text, &['\n', '\t'], |c, out| {
        if c.is_control() {
            out.push('\u{fffd}');
        }
    })
}

fn escaped<'a>(text: &'a str, kept: &[char], escape: fn(char, &mut String)) -> Cow<'a, str> {
    let harmless = |c: char| !is_unsafe(c) || kept.contains(&c);
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmless(c) { out.push(c) } else { escape(c, &mut out) }
    }
    Cow::Owned(out)
}

fn is_unsafe(c: char) -> bool {
    // Nearly all text ends here.
    if (' '..='~').contains(&c) {
        return false;
    }
    UNSAFE.iter().any(|&(first, last)| (first..=last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str) {
        assert_eq!(visible(text), shown);
    }

    #[test]
    fn escape_sequences_are_shown() {
        check("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}");
        check("\u{9b}2J\u{7f}\u{8}", "\\u{9b}2J\\u{7f}\\u{8}");
        check("a\r\nb\tc", "a\\r\\nb\\tc");
    }

    #[test]
    fn direction_and_zero_width_are_shown() {
        check("gpj.\u{202e}exe\u{2066}", "gpj.\\u{202e}exe\\u{2066}");
        check("ad\u{200b}min\u{feff}", "ad\\u{200b}min\\u{feff}");
        check("x\u{e0041}\u{3164}", "x\\u{e0041}\\u{3164}");
    }

    #[test]
    fn names_of_the_world_are_untouched() {
        for name in ["Zoë Müller", "e\u{301}tude", "山田 太郎", "مريم", "❤\u{fe0f}", "👩", "नमस्ते"]
        {
            assert!(matches!(visible(name), Cow::Borrowed(_)), "{name}");
        }
    }

    #[test]
    fn no_control_character_survives() {
        let all: String = (0..0x11_0000).filter_map(char::from_u32).collect();
        assert!(!visible(&all).chars().any(char::is_control));
    }

    #[test]
    fn an_edited_line_keeps_its_width() {
        use unicode_width::UnicodeWidthStr;
        let text = "a\u{1b}b\u{7}\u{9b}\u{202e}c\u{200b}\u{7f}d\n\t";
        assert_eq!(inert(text), "a\u{fffd}b\u{fffd}\u{fffd}c\u{fffd}d\n\t");
        assert_eq!(inert(text).width(), text.width());
        assert!(matches!(inert("SELECT 1"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_stays_the_same_json() {
        let text = serde_json::to_string("a\u{202e}b\u{9b}c\u{e0041}").unwrap();
        let shown = visible_json(&text);
        assert!(shown.is_ascii());
        let back: String = serde_json::from_str(&shown).unwrap();
        assert_eq!(back, "a\u{202e}b\u{9b}c\u{e0041}");
    }
}
