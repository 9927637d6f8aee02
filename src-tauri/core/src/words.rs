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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_with_or_without_diacritics_words_are_the_same() {
        assert_eq!(fold("  Đăng ký\tKHAI sinh "), "dang ky khai sinh");
        assert_eq!(fold(&"Ngày làm việc".nfd().collect::<String>()), fold("ngay lam viec"));
    }
}
