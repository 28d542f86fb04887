//! The project's own repository, made with libgit2.

use std::path::Path;

use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature, Time};

/// Makes a folder a repository, whose branch is `master`.
pub(crate) fn init(folder: &Path) -> Repository {
    let mut options = RepositoryInitOptions::new();
    options.initial_head("master").external_template(false);
    Repository::init_opts(folder, &options).unwrap()
}

/// Commits the whole work tree; gives the commit's id.
pub(crate) fn commit(repository: &Repository) -> String {
    let mut index = repository.index().unwrap();
    let all = ["*"];
    index.add_all(all, IndexAddOption::FORCE, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let who = Signature::new("A", "a@example.com", &Time::new(1_460_000_000, 0)).unwrap();
    let parent = repository
        .head()
        .ok()
        .map(|head| head.peel_to_commit().unwrap());
    let parents: Vec<_> = parent.iter().collect();
    let id = repository.commit(Some("HEAD"), &who, &who, "change\n", &tree, &parents);
    id.unwrap().to_string()
}
