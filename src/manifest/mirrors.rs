//! mirrors.yaml: which repositories are fetched from elsewhere.

use crate::model::go_sort;
use crate::yaml::{self, Decoder, Fields, NodeId, Record, Value};

use super::dependency::{push_text, set};
use super::error::Error;
use super::lines::lines;
use super::{lower_case, read_file, read_records};

/// The mirrors of a home.
#[derive(Clone, Debug, Default)]
pub struct Mirrors {
    /// In the order of the file; when one `original` stands twice, the last one counts.
    pub repos: Vec<Mirror>,
    /// On which line of the file each `original` stands; for messages.
    lines: Vec<(String, usize)>,
}

/// A repository that is fetched from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// The remote as it would be without the mirror, to the letter.
    pub original: String,
    /// The remote to be used.
    pub repo: String,
    /// Its version control system; empty to find out.
    pub vcs: String,
}

/// Where they stand makes no difference.
impl PartialEq for Mirrors {
    fn eq(&self, other: &Self) -> bool {
        self.repos == other.repos
    }
}

impl Eq for Mirrors {}

impl Mirrors {
    /// Reads a mirrors.yaml.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut mirrors: Self = read_file(bytes)?;
        mirrors.lines = lines(bytes, "repos", "original");
        Ok(mirrors)
    }

    /// These mirrors, that no file has yet.
    pub fn of(repos: Vec<Mirror>) -> Self {
        let lines = Vec::new();
        Self { repos, lines }
    }

    /// The text that Glide writes: sorted by `original` without regard to case.
    pub fn to_yaml(&self) -> String {
        let records = self
            .sorted()
            .into_iter()
            .map(|mirror| Some(mirror.to_record()));
        yaml::write(&vec![("repos", Value::Records(records.collect()))])
    }

    /// The mirrors as Glide orders them.
    pub(super) fn sorted(&self) -> Vec<&Mirror> {
        let keys = self.repos.iter().map(|mirror| (mirror.sort_key(), mirror));
        let mut keyed: Vec<_> = keys.collect();
        go_sort(&mut keyed, |(one, _), (other, _)| one < other);
        keyed.into_iter().map(|(_, mirror)| mirror).collect()
    }

    /// The mirror of a remote, which must be the very text of its `original`.
    pub fn lookup(&self, remote: &str) -> Option<&Mirror> {
        let mut latest_first = self.repos.iter().rev();
        latest_first.find(|mirror| mirror.original == remote)
    }

    /// Where that one stands, as `mirrors.yaml:3`.
    pub(super) fn place(&self, remote: &str) -> String {
        let mut latest_first = self.lines.iter().rev();
        match latest_first.find(|(original, _)| original == remote) {
            Some((_, line)) => format!("mirrors.yaml:{line}"),
            None => "mirrors.yaml".to_owned(),
        }
    }
}

impl Mirror {
    /// What decides its place: the original without regard to case.
    pub(super) fn sort_key(&self) -> String {
        lower_case(&self.original)
    }

    pub(super) fn to_record(&self) -> Record {
        let mut record = vec![
            ("original", Value::Text(self.original.clone())),
            ("repo", Value::Text(self.repo.clone())),
        ];
        push_text(&mut record, "vcs", &self.vcs);
        record
    }
}

impl Fields for Mirror {
    const NAME: &'static str = "a mirror";

    fn field(
        &mut self,
        key: &str,
        value: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Result<(), yaml::Error> {
        match key {
            "original" => set(&mut self.original, decoder.text(value)?),
            "repo" => set(&mut self.repo, decoder.text(value)?),
            "vcs" => set(&mut self.vcs, decoder.text(value)?),
            _ => {}
        }
        Ok(())
    }
}

impl Fields for Mirrors {
    const NAME: &'static str = "a mirrors.yaml";

    fn field(
        &mut self,
        key: &str,
        value: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Result<(), yaml::Error> {
        if key == "repos" {
            let name = "a list of mirrors";
            set(&mut self.repos, read_records(decoder, value, name)?);
        }
        Ok(())
    }
}
