//! What stands in the way around a project: judged from facts that somebody else has gathered, so that
//! each judgement is a table that can be tested. Pure.

mod facts;
mod go;
mod network;
mod notes;
mod places;
mod project;
mod render;
#[cfg(test)]
mod tests;

pub use facts::{
    Answer, Cache, Certificates, Disk, Facts, Git, Go, Helper, Home, LockState, MirrorTarget,
    Place, Program, Project, Proxy, Setting, Trouble,
};
pub use notes::{Check, Status};
pub use render::{json, text};

use notes::Notes;

/// Everything that there is to say about the facts, in a fixed order.
pub fn examine(facts: &Facts) -> Vec<Check> {
    let mut notes = Notes::default();
    project::project(&facts.project, &mut notes);
    project::mirrors(facts, &mut notes);
    project::programs(&facts.programs, &mut notes);
    places::home(&facts.home, &mut notes);
    places::cache(&facts.cache, &mut notes);
    places::disks(&facts.disks, &mut notes);
    network::git(&facts.git, &mut notes);
    network::proxies(&facts.proxies, &facts.git.proxies, &mut notes);
    network::certificates(&facts.certificates, &mut notes);
    network::prompts(facts, &mut notes);
    go::go(&facts.go, &mut notes);
    go::gopath(&facts.go, &facts.project, &mut notes);
    if let Some(answers) = &facts.answers {
        network::answers(answers, &mut notes);
    }
    notes.list
}
