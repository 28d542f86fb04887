//! The project's imports as a tree, in Glide's words.
//!
//! A package stands in the tree below every package that imports it, with all that it imports itself,
//! so a tree can be longer than any disk. It is written as it is found out: what is held is the
//! imports of each package, once, and the way from the root to where we are.

use std::io::{self, Write};
use std::rc::Rc;

use crate::report::Reporter;

use super::Workspace;
use super::graph::{Graph, Id, Imported};

/// The tree of a workspace.
pub struct Tree<'w> {
    graph: Graph<'w>,
    root: Id,
    folder: Id,
}

impl Workspace {
    /// The tree of what the code imports. Mistakes in the code are told as they are met.
    pub fn tree<'w>(&'w self, reporter: &'w dyn Reporter) -> Tree<'w> {
        let mut graph = Graph::new(self, reporter);
        let root = graph.names.id(self.own_path());
        let folder = graph.paths.id(self.folder.clone());
        Tree {
            graph,
            root,
            folder,
        }
    }
}

/// A package on the way from the root, and how many of its imports have been written.
struct Step {
    name: Id,
    imports: Rc<[Imported]>,
    written: usize,
}

impl Tree<'_> {
    /// Writes the tree.
    pub fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.graph.names.get(self.root))?;
        let mut way = vec![self.step(self.root, self.folder)];
        let mut on_the_way = vec![false; self.root + 1];
        on_the_way[self.root] = true;
        while let Some(step) = way.last_mut() {
            let Some(import) = step.imports.get(step.written).copied() else {
                on_the_way[step.name] = false;
                way.pop();
                continue;
            };
            step.written += 1;
            let name = self.graph.names.get(import.name);
            let Some(path) = import.path else {
                writeln!(out, "\t{name}\t(glide get {name})")?; // Glide text
                continue;
            };
            for _ in 1..way.len() {
                out.write_all(b"|\t")?;
            }
            out.write_all(b"|-- ")?;
            let again = on_the_way.get(import.name).copied().unwrap_or_default();
            if again {
                out.write_all(b"(Recursion) ")?; // Glide text
            }
            write!(out, "{name}   (")?;
            out.write_all(self.graph.paths.get(path).as_os_str().as_encoded_bytes())?;
            out.write_all(b")\n")?;
            if !again {
                if on_the_way.len() <= import.name {
                    on_the_way.resize(import.name + 1, false);
                }
                on_the_way[import.name] = true;
                way.push(self.step(import.name, path));
            }
        }
        out.flush()
    }

    fn step(&mut self, name: Id, path: Id) -> Step {
        Step {
            name,
            imports: self.graph.imports(name, path),
            written: 0,
        }
    }
}
