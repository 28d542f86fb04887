//! The commits of a repository, who comes before whom, and when each was made; pure.
//!
//! Commits are numbered so that each has a larger number than those before it. The graph is held in
//! the very bytes in which it is kept on disk, so that reading it costs no more than checking it.

use std::collections::HashMap;

use super::ObjectId;

/// How the bytes begin; what stands behind is in this machine-independent form:
/// the number of commits and of parents, whether commits are missing (`u32` each), then by number ids,
/// times (`i64`), where parents begin (`u32`, one more than commits), then parents (`u32`), then
/// numbers in the order of ids (`u32`). All are little-endian.
const MAGIC: &[u8; 16] = b"glide-rs graph 1";
const HEADER: usize = MAGIC.len() + 12;

/// More commits than this are an attack: the largest repositories that are known have a few million.
const MAX_COMMITS: usize = 16_000_000;
/// The same for parents, all together.
const MAX_EDGES: usize = 64_000_000;

/// A commit's place in a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(u32);

/// What a graph has to know of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// When it was made (its committer's time), in seconds since 1970.
    pub time: i64,
    /// The commits just before it.
    pub parents: Vec<ObjectId>,
}

/// All commits that some tips lead to.
#[derive(Clone)]
pub struct Graph {
    bytes: Vec<u8>,
    count: usize,
    edges: usize,
    is_cut: bool,
}

/// A set of commits.
#[derive(Clone)]
pub struct Set {
    words: Vec<u64>,
    count: usize,
}

impl Graph {
    /// Follows commits from the tips to the first ones; `look` says what comes before one, and nothing
    /// for one that nobody has.
    pub fn gather<E>(
        tips: impl IntoIterator<Item = ObjectId>,
        mut look: impl FnMut(ObjectId) -> Result<Option<Link>, E>,
    ) -> Result<Self, E> {
        let mut places: HashMap<ObjectId, usize> = HashMap::new();
        let mut links: Vec<(ObjectId, Link)> = Vec::new();
        let mut open: Vec<ObjectId> = tips.into_iter().collect();
        let mut is_cut = false;
        let mut edges = 0;
        while let Some(id) = open.pop() {
            if places.contains_key(&id) {
                continue;
            }
            match look(id)? {
                Some(link)
                    if links.len() < MAX_COMMITS && edges + link.parents.len() < MAX_EDGES =>
                {
                    edges += link.parents.len();
                    open.extend(link.parents.iter().filter(|id| !places.contains_key(id)));
                    places.insert(id, links.len());
                    links.push((id, link));
                }
                _ => is_cut = true,
            }
        }
        let parents: Vec<Vec<usize>> = links
            .iter()
            .map(|(_, link)| {
                let known = link.parents.iter().filter_map(|id| places.get(id));
                known.copied().collect()
            })
            .collect();
        drop(places);
        Ok(Self::write(&links, &parents, is_cut))
    }

    fn write(links: &[(ObjectId, Link)], parents: &[Vec<usize>], is_cut: bool) -> Self {
        let order = in_order(parents);
        let mut numbers = vec![0_u32; links.len()];
        for (number, place) in order.iter().enumerate() {
            numbers[*place] = index(number);
        }
        let edges = parents.iter().map(Vec::len).sum::<usize>();
        let mut bytes = MAGIC.to_vec();
        for number in [index(links.len()), index(edges), u32::from(is_cut)] {
            bytes.extend(number.to_le_bytes());
        }
        let ordered = || order.iter().map(|place| &links[*place]);
        ordered().for_each(|(id, _)| bytes.extend(id.0));
        ordered().for_each(|(_, link)| bytes.extend(link.time.to_le_bytes()));
        let mut start = 0;
        bytes.extend(index(start).to_le_bytes());
        for place in &order {
            start += parents[*place].len();
            bytes.extend(index(start).to_le_bytes());
        }
        for parent in order.iter().flat_map(|place| &parents[*place]) {
            bytes.extend(numbers[*parent].to_le_bytes());
        }
        let mut by_id: Vec<usize> = (0..links.len()).collect();
        by_id.sort_unstable_by_key(|place| links[*place].0);
        for place in by_id {
            bytes.extend(numbers[place].to_le_bytes());
        }
        Self {
            bytes,
            count: links.len(),
            edges,
            is_cut,
        }
    }

    /// Reads what [`bytes`](Self::bytes) gave; `None` for what never was that.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let header = bytes.get(..HEADER)?.strip_prefix(MAGIC)?;
        let graph = Self {
            count: usize::try_from(word(header, 0)).ok()?,
            edges: usize::try_from(word(header, 1)).ok()?,
            is_cut: word(header, 2) != 0,
            bytes,
        };
        (graph.bytes.len() == graph.by_id_at().checked_add(4 * graph.count)? && graph.is_sound())
            .then_some(graph)
    }

    /// Whether every number leads somewhere, and backwards.
    fn is_sound(&self) -> bool {
        let starts = &self.bytes[self.starts_at()..];
        let is_ordered = (0..self.count).all(|at| word(starts, at) <= word(starts, at + 1));
        let ends = word(starts, 0) == 0 && word(starts, self.count) as usize == self.edges;
        if !is_ordered || !ends {
            return false;
        }
        let all = (0..index(self.count)).map(Number);
        let mut pairs = (1..self.count).map(|at| (self.by_id(at - 1), self.by_id(at)));
        all.into_iter()
            .all(|number| self.parents(number).all(|parent| parent < number))
            && (0..self.count).all(|at| (self.by_id(at).0 as usize) < self.count)
            && pairs.all(|(one, next)| self.id(one) < self.id(next))
    }

    /// The graph as bytes, for [`read`](Self::read).
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many commits there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether commits are missing, so that what is not here may be somewhere before these.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The ids of all commits, those that come first before the others.
    pub fn ids(&self) -> impl Iterator<Item = ObjectId> + '_ {
        (0..index(self.count)).map(|number| self.id(Number(number)))
    }

    /// The commits that no other one has before it, the newest last.
    pub fn tips(&self) -> Vec<ObjectId> {
        let mut is_before = vec![false; self.count];
        let all = || (0..index(self.count)).map(Number);
        for parent in all().flat_map(|number| self.parents(number)) {
            is_before[parent.0 as usize] = true;
        }
        let tips = all().filter(|number| !is_before[number.0 as usize]);
        tips.map(|number| self.id(number)).collect()
    }

    /// The place of a commit.
    pub fn find(&self, id: ObjectId) -> Option<Number> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            let number = self.by_id(middle);
            match self.id(number).cmp(&id) {
                std::cmp::Ordering::Equal => return Some(number),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The id of a commit.
    pub fn id(&self, commit: Number) -> ObjectId {
        let at = HEADER + 20 * commit.0 as usize;
        let mut id = [0; 20];
        id.copy_from_slice(&self.bytes[at..at + 20]);
        ObjectId(id)
    }

    /// When a commit was made, in seconds since 1970.
    pub fn time(&self, commit: Number) -> i64 {
        let at = self.times_at() + 8 * commit.0 as usize;
        let mut time = [0; 8];
        time.copy_from_slice(&self.bytes[at..at + 8]);
        i64::from_le_bytes(time)
    }

    /// The commits just before one.
    pub fn parents(&self, commit: Number) -> impl Iterator<Item = Number> + '_ {
        let starts = &self.bytes[self.starts_at()..];
        let at = commit.0 as usize;
        let (start, end) = (word(starts, at) as usize, word(starts, at + 1) as usize);
        let parents = &self.bytes[self.parents_at()..];
        (start..end).map(move |at| Number(word(parents, at)))
    }

    /// What a graph was told of a commit.
    pub fn link(&self, commit: Number) -> Link {
        let parents = self.parents(commit).map(|parent| self.id(parent));
        Link {
            time: self.time(commit),
            parents: parents.collect(),
        }
    }

    /// The commit and all before it.
    pub fn up_to(&self, commit: Number) -> Set {
        let mut found = Set {
            words: vec![0; self.count.div_ceil(64)],
            count: 0,
        };
        found.insert(commit);
        // Nothing comes before what has a smaller number, so one pass downwards meets all of them.
        for number in (0..=commit.0).rev().map(Number) {
            if found.holds(number) {
                self.parents(number).for_each(|parent| found.insert(parent));
            }
        }
        found
    }

    fn times_at(&self) -> usize {
        HEADER + 20 * self.count
    }

    fn starts_at(&self) -> usize {
        self.times_at() + 8 * self.count
    }

    fn parents_at(&self) -> usize {
        self.starts_at() + 4 * (self.count + 1)
    }

    fn by_id_at(&self) -> usize {
        self.parents_at() + 4 * self.edges
    }

    fn by_id(&self, at: usize) -> Number {
        Number(word(&self.bytes[self.by_id_at()..], at))
    }
}

impl Set {
    /// Whether a commit is in it.
    pub fn holds(&self, commit: Number) -> bool {
        let word = self.words.get(commit.0 as usize / 64);
        word.is_some_and(|word| word >> (commit.0 % 64) & 1 == 1)
    }

    /// How many commits are in it.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none is in it.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many are in it and not in the other one, of the same graph.
    pub fn without(&self, other: &Self) -> usize {
        let pairs = self.words.iter().zip(&other.words);
        pairs
            .map(|(own, others)| (own & !others).count_ones() as usize)
            .sum()
    }

    fn insert(&mut self, commit: Number) {
        let word = &mut self.words[commit.0 as usize / 64];
        let bit = 1 << (commit.0 % 64);
        self.count += usize::from(*word & bit == 0);
        *word |= bit;
    }
}

/// The commits in an order in which parents come first.
fn in_order(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(parents.len());
    let mut is_seen = vec![false; parents.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    for first in 0..parents.len() {
        if !std::mem::replace(&mut is_seen[first], true) {
            open.push((first, 0));
        }
        while let Some((place, next)) = open.last_mut() {
            let Some(parent) = parents[*place].get(*next) else {
                order.push(*place);
                open.pop();
                continue;
            };
            *next += 1;
            if !std::mem::replace(&mut is_seen[*parent], true) {
                open.push((*parent, 0));
            }
        }
    }
    order
}

fn index(number: usize) -> u32 {
    u32::try_from(number).expect("commits are limited, and so are their parents")
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[4 * at..4 * at + 4]);
    u32::from_le_bytes(word)
}

#[cfg(test)]
mod tests;
