//! What may reach a terminal, and what may not.

use crate::hostile::tenant::steers;

/// Fails when bytes hold anything a terminal would obey, but line ends and tabs.
#[track_caller]
pub fn harmless(bytes: &[u8], what: &str) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|e| panic!("{what}: {e}"));
    // The terminal itself turns every line end into two characters.
    let text = text.replace("\r\n", "\n");
    let found = text.char_indices().find(|(_, c)| steers(*c) && !matches!(c, '\n' | '\t'));
    if let Some((at, c)) = found {
        let line = text[..at].rsplit('\n').next().unwrap();
        panic!("{what}: U+{:04X} behind {line:?}", u32::from(c));
    }
}

/// Fails when bytes hold an escape sequence the program itself never writes.
///
/// An interactive program moves the cursor and sets colors; it has no title to set, nothing to
/// ask and nothing to put into the clipboard.
#[track_caller]
pub fn own_sequences_only(bytes: &[u8], what: &str) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|e| panic!("{what}: {e}"));
    let mut rest = String::new();
    let mut pieces = text.split('\u{1b}');
    rest.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let end = own_sequence(piece).unwrap_or_else(|| {
            panic!("{what}: ESC {:?}", &piece.chars().take(20).collect::<String>())
        });
        rest.push_str(&piece[end..]);
    }
    harmless(rest.replace('\r', "").as_bytes(), what);
}

/// The length of a sequence behind ESC, if the editor or a style writes it.
fn own_sequence(piece: &str) -> Option<usize> {
    let body = piece.strip_prefix('[')?;
    let end = body.find(|c: char| c.is_ascii_alphabetic())?;
    let (parameters, last) = (&body[..end], &body[end..=end]);
    let is_own = match last {
        "A" | "B" | "C" | "D" | "G" | "H" | "J" | "K" | "m" => {
            parameters.chars().all(|c| c.is_ascii_digit() || c == ';')
        }
        // Cursor, bracketed paste, synchronized output.
        "h" | "l" => ["?25", "?2004", "?2026"].contains(&parameters),
        _ => false,
    };
    is_own.then_some(end + 2)
}

#[test]
fn every_attack_is_found() {
    for attack in crate::hostile::tenant::ATTACKS {
        let is_line = attack.starts_with("lines");
        assert_eq!(std::panic::catch_unwind(|| harmless(attack.as_bytes(), "")).is_ok(), is_line);
        let own = std::panic::catch_unwind(|| own_sequences_only(attack.as_bytes(), ""));
        // These look like our own moves: the screens tell them apart.
        let looks_own = ["clear", "color", "lines", "return"].iter().any(|w| attack.starts_with(w));
        assert_eq!(own.is_ok(), looks_own, "{attack:?}");
    }
    harmless("żółć 漢字 👩‍💻".replace('\u{200d}', "").as_bytes(), "letters");
}
