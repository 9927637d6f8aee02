//! Finding a procedure as one types: by code, name, field or first letters, with and without
//! diacritics; words whose tones are typed exactly come first.

use crate::words::{fold, lower};

/// A procedure as the index keeps it.
#[derive(Debug)]
struct Entry {
    code: String,
    /// Words of the name, small, with diacritics.
    exact: Vec<String>,
    /// The same without.
    plain: Vec<String>,
    /// Words of the field, small: with diacritics, without.
    field: Vec<(String, String)>,
    /// First letters of the plain words.
    initials: String,
}

/// All procedures, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
}

/// How well a procedure answers; smaller is better.
type Rank = (u8, usize, u8, usize);

impl Index {
    /// An index over (code, name, field).
    pub fn new<'a>(procedures: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let entries = procedures
            .into_iter()
            .map(|(code, name, field)| {
                let plain = words(&fold(&spaced(name)));
                Entry {
                    code: code.to_lowercase(),
                    exact: words(&lower(&spaced(name))),
                    initials: plain.iter().filter_map(|word| word.chars().next()).collect(),
                    plain,
                    field: words(&lower(&spaced(field)))
                        .into_iter()
                        .map(|word| (word.clone(), fold(&word)))
                        .collect(),
                }
            })
            .collect();
        Self { entries }
    }

    /// Places (in the order given to [`Index::new`]) of what answers the query, best first. An
    /// empty query is answered by everything.
    #[must_use]
    pub fn search(&self, query: &str, most: usize) -> Vec<usize> {
        let code = query.trim().to_lowercase();
        let exact: Vec<String> = lower(&spaced(query)).split_whitespace().map(str::to_owned).collect();
        let plain: Vec<String> = exact.iter().map(|word| fold(word)).collect();
        let mut found: Vec<(Rank, &Entry, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| Some((entry.rank(&code, &exact, &plain)?, entry, place)))
            .collect();
        found.sort_by(|(a, one, _), (b, other, _)| {
            a.cmp(b).then_with(|| one.plain.cmp(&other.plain)).then_with(|| one.code.cmp(&other.code))
        });
        found.into_iter().take(most).map(|(_, _, place)| place).collect()
    }
}

impl Entry {
    fn rank(&self, code: &str, exact: &[String], plain: &[String]) -> Option<Rank> {
        if exact.is_empty() {
            return Some((9, 0, 0, 0));
        }
        if self.code == code {
            return Some((0, 0, 0, 0));
        }
        if self.code.starts_with(code) {
            return Some((1, 0, 0, 0));
        }
        let mut wrong_tones = 0;
        let mut in_name = true;
        for (exact, typed) in exact.iter().zip(plain) {
            let name = || self.plain.iter().zip(&self.exact);
            if name().any(|(_, word)| word.starts_with(exact.as_str())) {
                continue;
            }
            if name().any(|(word, _)| word.starts_with(typed.as_str())) {
                wrong_tones += 1;
            } else if self.field.iter().any(|(word, _)| word.starts_with(exact.as_str())) {
                in_name = false;
            } else if self.field.iter().any(|(_, word)| word.starts_with(typed.as_str())) {
                (in_name, wrong_tones) = (false, wrong_tones + 1);
            } else if self.code.contains(exact.as_str()) {
                in_name = false;
            } else if let [single] = plain {
                let letters = single.chars().count() >= 2 && self.initials.starts_with(single.as_str());
                return letters.then_some((3, 0, 0, self.plain.len()));
            } else {
                return None;
            }
        }
        let class = if in_name { 2 } else { 4 };
        Some((class, wrong_tones, self.place_of(plain), self.plain.len()))
    }

    /// 0 = the name begins with these words, 1 = they stand together, 2 = they are scattered.
    fn place_of(&self, words: &[String]) -> u8 {
        let together =
            |at: &[String]| at.iter().zip(words).all(|(word, typed)| word.starts_with(typed.as_str()));
        match self.plain.windows(words.len()).position(together) {
            Some(0) => 0,
            Some(_) => 1,
            None => 2,
        }
    }
}

/// Punctuation is no part of a word; dots stay, codes have them.
fn spaced(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() || c == '.' || is_mark(c) { c } else { ' ' }).collect()
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
