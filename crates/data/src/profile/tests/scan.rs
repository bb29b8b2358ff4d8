//! Reading parts as the machines of a cluster do.

use std::fmt::Write;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use datafusion::execution::TaskContext;
use futures::TryStreamExt;

use super::*;
use crate::profile::{ClusterFailure, Division, SourceScan, wire};
use crate::source::ScanTally;

fn read(scan: &SourceScan, part: usize) -> (Vec<RecordBatch>, Vec<ScanTally>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let rows = scan.read(part, Arc::new(TaskContext::default())).unwrap();
    let batches: Vec<RecordBatch> = runtime.block_on(rows.try_collect()).unwrap();
    // A part that is read alone is received as a result that lacks the other parts.
    let Err(ClusterFailure::Cluster(why)) = wire::from_wire::<ScanTally>(batches.clone(), part + 2) else { panic!() };
    assert!(why.contains("is missing"), "{why}");
    let tallies = batches.iter().filter(|b| b.column_by_name(wire::TALLY).unwrap().null_count() == 0);
    let tallies = tallies.map(|b| serde_json::from_str::<serde_json::Value>(tally(b)).unwrap()["tally"].clone());
    (batches.clone(), tallies.map(|tally| serde_json::from_value(tally).unwrap()).collect())
}

fn tally(batch: &RecordBatch) -> &str {
    use arrow::array::AsArray;
    batch.column_by_name(wire::TALLY).unwrap().as_string::<i32>().value(0)
}

#[test]
fn a_part_is_the_same_however_often_and_wherever_it_is_read() {
    let rows = 220_000;
    let mut text = String::from("id,day,amount,n\n");
    for i in 0..rows {
        writeln!(text, "a customer whose key is long {},2025-0{}-11,{i}.25,{}", i % 1000, 1 + i % 9, i % 17).unwrap();
    }
    let case = Case::new(ORDERS, METRICS, &[("orders.csv", text.as_bytes())]);
    let bytes = text.len() as u64;
    assert!(bytes > 10 << 20, "large enough to be divided");
    let demand = Arc::new(case.set.demand);
    let open = |division: Division| {
        SourceScan::open(Arc::clone(&demand), 0, &case.inputs.locations[0], case.inputs.as_of, 8192, &division)
    };
    let division = Division { bytes, parts_per_file: 4, parts: 4, breaks_in_quotes: vec![false] };
    let (here, there) = (open(division.clone()).unwrap(), open(division.clone()).unwrap());
    let mut all = 0;
    for part in [2, 0, 3, 1] {
        let (batches, tallies) = read(&here, part);
        assert_eq!(tallies.len(), 1);
        assert!((rows / 5..rows / 3).contains(&(tallies[0].rows.read as usize)), "{tallies:?}");
        all += tallies[0].rows.read as usize;
        for again in [read(&here, part), read(&there, part)] {
            assert!(again == (batches.clone(), tallies.clone()), "part {part}");
        }
    }
    assert_eq!(all, rows);
    // A file that differs between machines is refused.
    for other in [Division { bytes: bytes + 1, ..division.clone() }, Division { parts: 5, ..division }] {
        let Err(ClusterFailure::Cluster(why)) = open(other) else { panic!() };
        assert!(why.ends_with("its files differ there"), "{why}");
    }
}
