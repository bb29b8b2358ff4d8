//! Pieces of customers in a folder that all machines see: written by the client, rated by executors.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_engine::RuleSet;
use accolade_engine::frame::Frame;
use accolade_engine::model::SlotId;
use accolade_engine::profile::{ClusterFailure, wire};
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::run::{MAX_PIECE_ROWS, RatingCounts, RatingTask, rate_piece, slots_read};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, UInt64Array};
use arrow::compute::{cast, concat};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt64Type};
use arrow::error::ArrowError;
use arrow::ipc::reader::FileReader;
use arrow::ipc::writer::FileWriter;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::stream;

/// The column with the number of the piece.
const PIECE_NUMBER: &str = "piece";

fn file(folder: &Path, piece: usize) -> PathBuf {
    folder.join(format!("piece-{piece:05}.arrow"))
}

/// The number of pieces of `rows` customers.
pub(crate) fn piece_count(rows: usize) -> usize {
    rows.div_ceil(MAX_PIECE_ROWS)
}

/// The columns of rated pieces, without the tally.
pub(crate) fn schema(set: &RuleSet, outputs: &[SlotId]) -> Schema {
    let output = |(i, slot): (usize, &SlotId)| Field::new(format!("o{i}"), set.demand.slots[*slot].ty.arrow(), true);
    let number = Field::new(PIECE_NUMBER, DataType::UInt64, true);
    Schema::new([number].into_iter().chain(outputs.iter().enumerate().map(output)).collect::<Vec<_>>())
}

/// Writes the columns that a step reads; each is named by its slot.
pub(crate) fn write(set: &RuleSet, work: &RatingTask, folder: &Path) -> Result<(), String> {
    // The key too: a script that fails names the customer.
    let mut slots: Vec<SlotId> = std::iter::once(0).chain(slots_read(&set.steps[work.step])).collect();
    slots.sort_unstable();
    slots.dedup();
    for piece in 0..piece_count(work.frame.rows) {
        let offset = piece * MAX_PIECE_ROWS;
        let frame = work.frame.slice(offset, MAX_PIECE_ROWS.min(work.frame.rows - offset));
        let path = file(folder, piece);
        write_piece(&frame, &slots, &path).map_err(|why| format!("`{}` cannot be written: {why}", path.display()))?;
    }
    Ok(())
}

fn write_piece(frame: &Frame, slots: &[SlotId], path: &Path) -> Result<(), ArrowError> {
    let there = slots.iter().filter_map(|slot| Some((slot.to_string(), frame.column(*slot)?.clone())));
    let (names, columns): (Vec<String>, Vec<ArrayRef>) = there.unzip();
    let columns = wire::to_plain_texts(&columns)?;
    let fields = names.into_iter().zip(&columns).map(|(name, c)| Field::new(name, c.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let mut writer = FileWriter::try_new(BufWriter::new(File::create(path)?), &schema)?;
    writer.write(&RecordBatch::try_new(schema, columns)?)?;
    writer.finish()?;
    Ok(writer.into_inner()?.into_inner().map_err(|e| e.into_error())?.sync_all()?)
}

fn read_piece(path: &Path, slots: usize) -> Result<Frame, ArrowError> {
    let mut frame = Frame::new(0, slots);
    for batch in FileReader::try_new(File::open(path)?, None)? {
        let batch = batch?;
        frame.rows = batch.num_rows();
        for (field, column) in batch.schema().fields().iter().zip(wire::to_text_views(batch.columns())?) {
            if let Some(place) = field.name().parse().ok().and_then(|slot: SlotId| frame.columns.get_mut(slot)) {
                *place = Some(column);
            }
        }
    }
    Ok(frame)
}

/// The outputs of a step for a piece, followed by what was counted.
pub(crate) fn rate_piece_file(
    set: &Arc<RuleSet>,
    step: usize,
    cut_offs: &str,
    folder: &Path,
    piece: usize,
    as_of: i32,
) -> Result<SendableRecordBatchStream, ClusterFailure> {
    let path = file(folder, piece);
    let unread = |e: ArrowError| ClusterFailure::Cluster(format!("`{}` cannot be read: {e}", path.display()));
    let frame = read_piece(&path, set.demand.slots.len()).map_err(unread)?;
    let cut_offs: CutOffs = serde_yaml::from_str(cut_offs).map_err(|e| ClusterFailure::Cluster(e.to_string()))?;
    let (outputs, counted) = rate_piece(set, step, &cut_offs, as_of, &frame)
        .map_err(|findings| ClusterFailure::Data(findings.first().map_or(String::new(), |f| f.message.clone())))?;
    let numbers: ArrayRef = Arc::new(UInt64Array::from(vec![piece as u64; frame.rows]));
    let columns: Vec<ArrayRef> = std::iter::once(numbers).chain(outputs).collect();
    let fields = columns.iter().enumerate();
    let name = |i: usize| if i == 0 { PIECE_NUMBER.to_owned() } else { format!("o{}", i - 1) };
    let fields = fields.map(|(i, column)| Field::new(name(i), column.data_type().clone(), true));
    let own = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let sent =
        to_wire(own, columns, frame.rows, piece, &counted).map_err(|e| ClusterFailure::Cluster(e.to_string()))?;
    let schema = sent[0].schema();
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, stream::iter(sent.into_iter().map(Ok)))))
}

fn to_wire(
    own: SchemaRef,
    columns: Vec<ArrayRef>,
    rows: usize,
    piece: usize,
    counted: &RatingCounts,
) -> Result<[RecordBatch; 2], ArrowError> {
    let schema = wire::schema(&own);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(own, columns, &options)?;
    Ok([wire::to_wire(&schema, piece, &batch)?, wire::tally_row(&schema, piece, rows as u64, counted)?])
}

/// The outputs for all customers in their order, and what was counted.
pub(crate) fn join_outputs(
    batches: Vec<RecordBatch>,
    set: &RuleSet,
    work: &RatingTask,
) -> Result<(Vec<ArrayRef>, RatingCounts), ClusterFailure> {
    let (mut batches, counts) = wire::from_wire::<RatingCounts>(batches, piece_count(work.frame.rows))?;
    batches.retain(|batch| batch.num_rows() > 0);
    batches.sort_by_key(|batch| batch.column(0).as_primitive::<UInt64Type>().value(0));
    let broken = |why: String| ClusterFailure::Cluster(format!("it returned an incomplete result: {why}"));
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows != work.frame.rows {
        return Err(broken(format!("{rows} customers of {}", work.frame.rows)));
    }
    let output = |(i, slot): (usize, &SlotId)| {
        let of_batches: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(i + 1).as_ref()).collect();
        concat(&of_batches).and_then(|column| cast(&column, &set.demand.slots[*slot].ty.arrow()))
    };
    let outputs = work.outputs.iter().enumerate().map(output).collect::<Result<_, _>>();
    let mut total = RatingCounts::default();
    counts.into_iter().for_each(|counted| total.merge(counted));
    Ok((outputs.map_err(|e| broken(e.to_string()))?, total))
}
