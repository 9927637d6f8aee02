//! Vietnamese words as people type them: with and without diacritics.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Lower case without diacritics, đ = d, runs of white space as one space, none around.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower case with its diacritics, composed, runs of white space as one space, none around.
#[must_use]
pub fn lower(text: &str) -> String {
    let small: String = text.nfc().flat_map(char::to_lowercase).collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Composed (NFC), runs of white space as one space, none around.
#[must_use]
pub fn tidy(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A character that nobody sees, or that changes how others are read: control and format characters (Unicode Cc, Cf),
/// fillers, selectors of variants. Two names that differ by it look the same.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
            | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The text with every such character shown, as `<U+202E>`.
#[must_use]
pub fn shown(text: &str) -> String {
    let show = |c: char| if is_unseen(c) { format!("<U+{:04X}>", u32::from(c)) } else { c.to_string() };
    text.chars().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_shown() {
        assert_eq!(shown("Nguyễn Thị\u{200b} Lan"), "Nguyễn Thị<U+200B> Lan");
        assert_eq!(shown("Lan\u{202e}nab\u{7}\u{e0041}"), "Lan<U+202E>nab<U+0007><U+E0041>");
        for name in
            ["Nguyễn Thị Ỷ", &"Đặng Ngọc Ẩn".nfd().collect::<String>(), "UBND xã Ea H’leo (cũ) – số 1"]
        {
            assert!(!name.chars().any(is_unseen), "{name}");
        }
        assert_eq!(tidy(" Nguyễn \t Thị\u{a0}Lan\n"), "Nguyễn Thị Lan");
    }

    #[test]
    fn typed_with_or_without_diacritics_words_are_the_same() {
        assert_eq!(fold("  Đăng ký\tKHAI sinh "), "dang ky khai sinh");
        assert_eq!(fold(&"Ngày làm việc".nfd().collect::<String>()), fold("ngay lam viec"));
    }
}
