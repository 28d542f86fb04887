//! The order in which the sort of Go 1.19's library leaves what compares as equal.
//!
//! That sort is not stable: with more than [`FEW`] items, which of several spellings of a version comes
//! first depends on every step of its pattern-defeating quicksort. So the steps here are the same
//! ones. What `less` says need not be consistent, and it is not for some pre-releases; no answer of
//! it leads outside the slice.

use std::ops::Range;

/// Up to so many items are sorted by insertion.
const FEW: usize = 12;
/// From so many items on, nine are looked at for a pivot instead of three, and a range that is nearly
/// in order is mended.
const MANY: usize = 50;
/// How often a range that is nearly in order is mended before it is given up.
const MENDS: usize = 5;
/// How many comparisons there are in looking at nine items.
const NINE_COMPARED: usize = 12;

/// Sorts `items` by `less` as Go does.
pub fn go_sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    let length = items.len();
    let mut sorter = Sorter { items, less };
    sorter.quick(0..length, bits(length));
}

/// How many binary digits a number has.
fn bits(number: usize) -> u32 {
    usize::BITS - number.leading_zeros()
}

struct Sorter<'a, T, L> {
    items: &'a mut [T],
    less: L,
}

impl<T, L: Fn(&T, &T) -> bool> Sorter<'_, T, L> {
    /// Whether the item at `one` belongs before the one at `other`.
    fn less(&self, one: usize, other: usize) -> bool {
        (self.less)(&self.items[one], &self.items[other])
    }

    /// Quicksort, with `bad_left` unbalanced partitions to go until heapsort takes over.
    fn quick(&mut self, mut range: Range<usize>, mut bad_left: u32) {
        let (mut balanced, mut in_order) = (true, true);
        while range.len() > FEW {
            if bad_left == 0 {
                return self.heap(&range);
            }
            if !balanced {
                self.scatter(&range);
                bad_left -= 1;
            }
            let (pivot, may_be_sorted) = self.pivot(&range);
            if balanced && in_order && may_be_sorted && self.mend(&range) {
                return;
            }
            let first = range.start;
            if first > 0 && !self.less(first - 1, pivot) {
                // Nothing here is less than what stands before, so this takes all that is equal to it.
                let stays = |this: &Self, at| !this.less(first, at);
                range.start = self.part(&range, pivot, stays).0;
                continue;
            }
            let (middle, moved) = self.part(&range, pivot, |this, at| this.less(at, first));
            let middle = middle - 1;
            self.items.swap(first, middle);
            in_order = !moved;
            // The pivot itself counts to the right.
            let (left, right) = (middle - range.start, range.end - middle);
            balanced = left.min(right) >= range.len() / 8;
            if left < right {
                self.quick(range.start..middle, bad_left);
                range.start = middle + 1;
            } else {
                self.quick(middle + 1..range.end, bad_left);
                range.end = middle;
            }
        }
        for at in range.clone().skip(1) {
            self.sink(at, range.start);
        }
    }

    /// Moves the item at `at` down past those that it is less than, as far as `floor`.
    fn sink(&mut self, at: usize, floor: usize) {
        let mut at = at;
        while at > floor && self.less(at, at - 1) {
            self.items.swap(at, at - 1);
            at -= 1;
        }
    }

    /// Moves the item at `at - 1` up past those that are less than it.
    fn rise(&mut self, mut at: usize, end: usize) {
        while at < end && self.less(at, at - 1) {
            self.items.swap(at, at - 1);
            at += 1;
        }
    }

    /// Tries to sort a range that is nearly in order; tells whether it is sorted now.
    fn mend(&mut self, range: &Range<usize>) -> bool {
        let mut at = range.start + 1;
        for _ in 0..MENDS {
            while at < range.end && !self.less(at, at - 1) {
                at += 1;
            }
            if at == range.end {
                return true;
            }
            if range.len() < MANY {
                return false;
            }
            self.items.swap(at, at - 1);
            if at - range.start >= 2 {
                // Down to the front of the slice, not of the range: so it is in Go.
                self.sink(at - 1, 0);
            }
            self.rise(at + 1, range.end);
        }
        false
    }

    /// Brings the pivot to the front and parts the rest: first those for which `stays` holds, then the
    /// others. Gives where the others begin and whether anything but the pivot moved.
    fn part(
        &mut self,
        range: &Range<usize>,
        pivot: usize,
        stays: impl Fn(&Self, usize) -> bool,
    ) -> (usize, bool) {
        self.items.swap(range.start, pivot);
        let (mut low, mut high, mut moved) = (range.start + 1, range.end, false);
        loop {
            while low < high && stays(self, low) {
                low += 1;
            }
            while low < high && !stays(self, high - 1) {
                high -= 1;
            }
            if low >= high {
                return (low, moved);
            }
            self.items.swap(low, high - 1);
            (low, high, moved) = (low + 1, high - 1, true);
        }
    }

    /// Chooses a pivot, the median of three or of three such medians; tells whether the range looks
    /// sorted. One that looks sorted backwards is turned round first.
    fn pivot(&mut self, range: &Range<usize>) -> (usize, bool) {
        let quarter = range.len() / 4;
        let mut places = [1, 2, 3].map(|quarters| range.start + quarter * quarters);
        let mut swaps = 0;
        if range.len() >= MANY {
            places = places.map(|at| self.median([at - 1, at, at + 1], &mut swaps));
        }
        let pivot = self.median(places, &mut swaps);
        if swaps < NINE_COMPARED {
            return (pivot, swaps == 0);
        }
        self.items[range.clone()].reverse();
        (range.end - 1 - (pivot - range.start), true)
    }

    /// The place of the middle one of three items; counts how many pairs were the wrong way round.
    fn median(&self, mut places: [usize; 3], swaps: &mut usize) -> usize {
        for (one, other) in [(0, 1), (1, 2), (0, 1)] {
            if self.less(places[other], places[one]) {
                places.swap(one, other);
                *swaps += 1;
            }
        }
        places[1]
    }

    /// Swaps three items in the middle with others, chosen by xorshift from the length alone.
    fn scatter(&mut self, range: &Range<usize>) {
        let length = range.len();
        let mask = (1_usize << bits(length)) - 1;
        let mut random = length as u64;
        let middle = range.start + length / 4 * 2;
        for at in middle - 1..=middle + 1 {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            let low_bits = usize::try_from(random & mask as u64).unwrap_or_default();
            let other = low_bits.checked_sub(length).unwrap_or(low_bits);
            self.items.swap(at, range.start + other);
        }
    }

    fn heap(&mut self, range: &Range<usize>) {
        let length = range.len();
        for root in (0..=(length - 1) / 2).rev() {
            self.sift(range.start, root, length);
        }
        for last in (0..length).rev() {
            self.items.swap(range.start, range.start + last);
            self.sift(range.start, 0, last);
        }
    }

    /// Lets `root` sink in the heap of `length` items that begins at `first`.
    fn sift(&mut self, first: usize, mut root: usize, length: usize) {
        while 2 * root + 1 < length {
            let mut child = 2 * root + 1;
            if child + 1 < length && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.less(first + root, first + child) {
                return;
            }
            self.items.swap(first + root, first + child);
            root = child;
        }
    }
}
