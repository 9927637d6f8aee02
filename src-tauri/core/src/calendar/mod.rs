//! Working days and due dates. Office hours, holidays and swapped days are data ([`Calendar`]); a
//! [`Term`] is what a procedure promises; [`due`] puts them together. Everything here is a function
//! of its arguments: a new calendar never moves a due date that was already issued.

mod due;
mod rules;
mod term;

pub use due::{Due, DueError, Receipt, Skipped, Waiting, due};
pub use rules::{Calendar, CalendarError, DayOff};
pub use term::{Term, TermError};
