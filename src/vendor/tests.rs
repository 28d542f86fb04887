//! Stories about vendor/, told with repositories in memory and real folders.

#[cfg(unix)]
mod basics;
#[cfg(unix)]
mod incremental;
#[cfg(unix)]
mod interrupted;
#[cfg(unix)]
mod places;
#[cfg(unix)]
mod safety;
#[cfg(unix)]
mod treated;
#[cfg(unix)]
mod verified;
#[cfg(windows)]
mod windows;
mod world;
