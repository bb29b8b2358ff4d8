//! Sorting events by shard, so that the cells of successive events are in the processor's cache.

/// The events of a batch, sorted by shard.
#[derive(Default)]
pub(super) struct PartitionedEvents {
    /// Events and their rows within the shard, shard by shard.
    sorted: Vec<(u32, u32)>,
    /// Where each shard begins in `sorted`.
    begins: Vec<usize>,
}

impl PartitionedEvents {
    /// Sorts events, given by their rows, by shard. A shard has two to the power `shift` rows.
    pub(super) fn partition(&mut self, rows: &[u32], shards: usize, shift: u32) {
        self.begins.clear();
        self.begins.resize(shards + 1, 0);
        for row in rows {
            self.begins[(row >> shift) as usize + 1] += 1;
        }
        for shard in 0..shards {
            self.begins[shard + 1] += self.begins[shard];
        }
        self.sorted.resize(rows.len(), (0, 0));
        let mask = (1u32 << shift) - 1;
        let mut next = self.begins.clone();
        for (event, row) in (0u32..).zip(rows) {
            let place = &mut next[(row >> shift) as usize];
            self.sorted[*place] = (event, row & mask);
            *place += 1;
        }
    }

    /// The events of a shard, and their rows in it.
    pub(super) fn of(&self, shard: usize) -> &[(u32, u32)] {
        &self.sorted[self.begins[shard]..self.begins[shard + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shard_gets_its_events_in_order() {
        let mut partitioned = PartitionedEvents::default();
        for (rows, expected) in [
            (&[5, 0, 9, 4, 1][..], [&[(1, 0), (4, 1)][..], &[(0, 1), (3, 0)], &[(2, 1)]]),
            (&[8], [&[], &[], &[(0, 0)]]),
            (&[], [&[], &[], &[]]),
        ] {
            partitioned.partition(rows, 3, 2);
            assert_eq!([0, 1, 2].map(|shard| partitioned.of(shard)), expected, "{rows:?}");
        }
    }
}
