//! The owner's number: personal number, tax code or another id. Warnings where the law leaves
//! doubt, refusal only where arithmetic is certain.

/// What is odd about an owner's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerIssue {
    /// Other characters than digits, capitals, `.` and `-`.
    BadCharacters,
    /// Longer than 35 characters (Decision 20/2020).
    TooLong,
    /// Only digits, but neither 9 (old identity card), 10 nor 13 (tax code), nor 12.
    NotTwelveDigits,
    /// Ten digits (or ten, dash, three) whose check digit is wrong.
    BadTaxCode,
}

/// Checks an owner's number; empty is fine.
///
/// # Errors
/// [`OwnerIssue`].
pub fn check_owner(text: &str) -> Result<(), OwnerIssue> {
    if text.chars().count() > 35 {
        return Err(OwnerIssue::TooLong);
    }
    if !text.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '.' || c == '-') {
        return Err(OwnerIssue::BadCharacters);
    }
    let (head, branch) = text.split_once('-').map_or((text, None), |(h, b)| (h, Some(b)));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    match (head.len(), branch) {
        _ if text.is_empty() || !digits(head) => Ok(()),
        (10, None) => tax_code(head),
        (10, Some(branch)) if branch.len() == 3 && digits(branch) && branch != "000" => tax_code(head),
        (9 | 12, None) => Ok(()),
        (_, None) => Err(OwnerIssue::NotTwelveDigits),
        _ => Err(OwnerIssue::BadTaxCode),
    }
}

/// Check digit of a tax code: weights 31 29 23 19 17 13 7 5 3, 10 − (sum mod 11); a remainder of
/// 0 has no valid number.
fn tax_code(digits: &str) -> Result<(), OwnerIssue> {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let values: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    match (10u32.checked_sub(sum % 11), values.last()) {
        (Some(check), Some(last)) if !sum.is_multiple_of(11) && check == *last => Ok(()),
        _ => Err(OwnerIssue::BadTaxCode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_codes_by_their_check_digit() {
        assert_eq!(check_owner("0100047516"), Ok(()));
        assert_eq!(check_owner("0000000070"), Ok(()));
        assert_eq!(check_owner("0100047510"), Err(OwnerIssue::BadTaxCode));
        assert!((0..10).all(|d| check_owner(&format!("000000000{d}")).is_err()), "no number has remainder 0");
        assert_eq!(check_owner("0100047516-001"), Ok(()));
        assert_eq!(check_owner("0100047516-000"), Err(OwnerIssue::BadTaxCode));
    }

    #[test]
    fn numbers_of_citizens_and_agencies() {
        assert_eq!(check_owner("001087000001"), Ok(()));
        assert_eq!(check_owner("123456789"), Ok(()));
        assert_eq!(check_owner("H56.14"), Ok(()));
        assert_eq!(check_owner(""), Ok(()));
        assert_eq!(check_owner("12345"), Err(OwnerIssue::NotTwelveDigits));
        assert_eq!(check_owner("001 087"), Err(OwnerIssue::BadCharacters));
    }
}
