//! Stories of a counter, told through the built `saoy` program.

mod altered;
mod damaged;
mod day;
mod house;
mod power_cut;
