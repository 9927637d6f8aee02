//! Stories of a counter, told through the built `saoy` program.

mod day;
mod house;
