//! Separator sheets: what their codes say, and what a stack of pages with such sheets in it comes to.
//! Pure; knows no pictures and no counter.

use sha2::{Digest as _, Sha256};

/// What a separator says of the pages behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Separator {
    /// The cover of a dossier: the next dossier begins.
    Cover {
        /// Code of its procedure.
        procedure: String,
    },
    /// A paper of a dossier.
    Paper {
        /// Code of the procedure that asks for it.
        procedure: String,
        /// Its place among the papers of the procedure, from 1.
        place: u32,
    },
}

/// Why a text is no separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOne {
    /// It is something else.
    #[error("other")]
    Other,
    /// It is one, of a version this program does not know.
    #[error("version")]
    Version,
    /// It was altered or misread.
    #[error("checksum")]
    Checksum,
}

/// What each begins with: name and version of the format.
const HEAD: &str = "SAOY1";
/// The same without the version.
const NAME: &str = "SAOY";

impl Separator {
    /// The text of the code: format, kind, procedure, for papers the place, and a checksum, the first
    /// four digits of the SHA-256 of what stands before it.
    #[must_use]
    pub fn print(&self) -> String {
        let text = match self {
            Self::Cover { procedure } => format!("{HEAD}|D|{procedure}|"),
            Self::Paper { procedure, place } => format!("{HEAD}|P|{procedure}|{place}|"),
        };
        let sum = checksum(&text);
        text + &sum
    }

    /// Reads the text of a code.
    ///
    /// # Errors
    /// [`NotOne`].
    pub fn parse(text: &str) -> Result<Self, NotOne> {
        if !text.starts_with(NAME) {
            return Err(NotOne::Other);
        }
        let (body, sum) = text.rsplit_once('|').ok_or(NotOne::Other)?;
        let mut fields = body.split('|');
        if fields.next() != Some(HEAD) {
            return Err(NotOne::Version);
        }
        if checksum(&format!("{body}|")) != sum {
            return Err(NotOne::Checksum);
        }
        match (fields.next(), fields.next(), fields.next(), fields.next()) {
            (Some("D"), Some(procedure), None, None) => Ok(Self::Cover { procedure: procedure.to_owned() }),
            (Some("P"), Some(procedure), Some(place), None) => {
                let place = place.parse().ok().filter(|place| *place > 0).ok_or(NotOne::Version)?;
                Ok(Self::Paper { procedure: procedure.to_owned(), place })
            }
            _ => Err(NotOne::Version),
        }
    }
}

fn checksum(text: &str) -> String {
    crate::hex::encode(&Sha256::digest(text.as_bytes())).chars().take(4).collect()
}

/// Where a page of a stack belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Belongs {
    /// Which dossier of the stack, from 1; 0 = before the first separator.
    pub dossier: u32,
    /// Code of its procedure.
    pub procedure: String,
    /// The paper, by its place from 1; 0 = not sorted.
    pub place: u32,
}

/// Walks a stack from its first page to its last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stack {
    now: Belongs,
}

impl Stack {
    /// Takes a separator: the pages behind it belong where it says. A paper of another procedure than
    /// the present dossier's begins a dossier of its own.
    pub fn divide(&mut self, separator: Separator) {
        let (procedure, place, begins) = match separator {
            Separator::Cover { procedure } => (procedure, 0, true),
            Separator::Paper { procedure, place } => {
                let begins = self.now.dossier == 0 || self.now.procedure != procedure;
                (procedure, place, begins)
            }
        };
        let dossier = self.now.dossier + u32::from(begins);
        self.now = Belongs { dossier, procedure, place };
    }

    /// Where a page belongs that comes now.
    #[must_use]
    pub fn now(&self) -> &Belongs {
        &self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(procedure: &str, place: u32) -> Separator {
        Separator::Paper { procedure: procedure.into(), place }
    }

    #[test]
    fn what_is_printed_is_read() {
        for one in [paper("1.001193", 2), Separator::Cover { procedure: "2.000635".into() }] {
            assert_eq!(Separator::parse(&one.print()), Ok(one));
        }
        assert_eq!(paper("1.001193", 2).print(), "SAOY1|P|1.001193|2|b756", "sheets printed once stay good");
    }

    #[test]
    fn other_codes_and_altered_ones_are_told_apart() {
        assert_eq!(Separator::parse("https://example.vn"), Err(NotOne::Other));
        assert_eq!(Separator::parse("SAOY2|P|1.001193|2|b756"), Err(NotOne::Version));
        assert_eq!(Separator::parse("SAOY1|P|1.001193|3|b756"), Err(NotOne::Checksum));
        assert_eq!(Separator::parse("SAOY"), Err(NotOne::Other));
    }

    #[test]
    fn a_stack_of_dossiers_falls_apart_where_it_should() {
        let mut stack = Stack::default();
        assert_eq!(stack.now(), &Belongs::default(), "what lies on top belongs to nobody yet");
        let mut walk = |one: Separator| {
            stack.divide(one);
            (stack.now().dossier, stack.now().place)
        };
        let cover = || Separator::Cover { procedure: "1.001193".into() };
        assert_eq!(walk(cover()), (1, 0));
        assert_eq!(walk(paper("1.001193", 2)), (1, 2));
        assert_eq!(walk(paper("1.001193", 1)), (1, 1), "the order of the papers is the clerk's");
        assert_eq!(walk(cover()), (2, 0));
        assert_eq!(walk(paper("2.000635", 1)), (3, 1), "a paper of another procedure is another dossier");
    }
}
