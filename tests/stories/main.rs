//! Stories of a counter, told through the built `saoy` program.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop loudly"
)]

mod altered;
mod backup;
mod capture;
mod catalogue;
mod clerks;
mod damaged;
mod day;
mod desk;
mod dossier;
mod due;
mod extend;
mod forms;
mod hot_folder;
mod house;
mod keys;
mod old_keys;
mod power_cut;
mod responders;
mod results;
mod review;
mod scan;
mod stack;
mod timestamps;
mod tokens;
mod trust;
