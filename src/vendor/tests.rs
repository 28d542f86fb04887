//! Stories about vendor/, told with repositories in memory and real folders.

mod basics;
mod incremental;
mod interrupted;
mod places;
mod safety;
mod treated;
mod verified;
mod world;
