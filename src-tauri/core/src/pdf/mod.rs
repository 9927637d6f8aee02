//! The PDF room: putting pages together as PDF/A-2b, drawing the mark, writing the file.
//!
//! Stages are values handed forward: [`assemble::assemble`] → [`mark::mark`] → [`emit`].
//! Nothing here knows of clocks, stores or keys; times and ids are arguments, so the same input
//! gives the same bytes.

pub mod assemble;
pub mod emit;
pub mod extend;
pub mod font;
pub mod foreign;
pub mod geometry;
pub mod hashing;
pub mod mark;
pub mod parts;
pub mod place;
pub mod write;
pub mod xmp;
