//! Parquet files.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, Decimal256Array, DictionaryArray, Float32Array, Float64Array,
    Int32Array, Int64Array, LargeStringArray, NullArray, StringArray, TimestampMillisecondArray,
    TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::{Int32Type, i256};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;

use super::{Case, assert_sound};

const SOURCES: &str = "
  events:
    file: e.parquet
    customer: id
    date: day
    columns: {id: text, day: date, m: money?, v: TYPE?}
";

const METRICS: &str = "
    m: sum(events.m)
    n: count(events)
    v: last(events.v)
";

pub(super) fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch =
        RecordBatch::try_from_iter(columns.into_iter().map(|(n, c)| (n, c, true)).map(|(n, c, _)| (n, c))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Three events of `a`, `b` and `c`.
fn case(day: ArrayRef, money: ArrayRef, value: ArrayRef, ty: &str) -> Case {
    let id: ArrayRef = Arc::new(StringArray::from(vec!["c", "a", "b"]));
    let bytes = written(vec![("v", value), ("id", id), ("m", money), ("day", day)]);
    Case::new(&SOURCES.replace("TYPE", ty), METRICS, &[("e.parquet", &bytes)])
}

fn days() -> ArrayRef {
    Arc::new(Date32Array::from(vec![20_000, 20_001, 20_002]))
}

fn none() -> ArrayRef {
    Arc::new(NullArray::new(3))
}

#[test]
fn money_is_exact_from_whole_numbers_and_decimals() {
    let decimal = |precision, scale, values: [i128; 3]| -> ArrayRef {
        Arc::new(Decimal128Array::from(values.to_vec()).with_precision_and_scale(precision, scale).unwrap())
    };
    let wide: Vec<i256> = [3, 1, 2].into_iter().map(|v| i256::from_i128(v * 1_000_000)).collect();
    let wide = Decimal256Array::from(wide).with_precision_and_scale(50, 6).unwrap();
    let columns: Vec<ArrayRef> = vec![
        decimal(18, 2, [300, 100, 200]),
        decimal(9, 0, [3, 1, 2]),
        decimal(5, 2, [300, 100, 200]),
        decimal(30, 10, [30_000_000_000, 10_000_000_000, 20_000_000_000]),
        Arc::new(wide),
        Arc::new(Int32Array::from(vec![3, 1, 2])),
        Arc::new(UInt64Array::from(vec![3, 1, 2])),
        Arc::new(StringArray::from(vec!["3.00", "1", " 2.0 "])),
        Arc::new(LargeStringArray::from(vec!["3.00", "1", "2"])),
        Arc::new(BinaryArray::from(vec!["3".as_bytes(), b"1", b"2"])),
        Arc::new(vec!["3", "1", "2"].into_iter().collect::<DictionaryArray<Int32Type>>()),
    ];
    for column in columns {
        let ty = column.data_type().clone();
        let case = case(days(), column, none(), "text");
        let base = case.base();
        assert_sound(&case, &base);
        assert_eq!(case.column(&base, "m"), ["1.00", "2.00", "3.00"], "{ty}");
        assert!(base.findings.is_empty(), "{ty}");
    }
}

#[test]
fn money_in_floats_is_rounded_with_a_warning() {
    let case = case(days(), Arc::new(Float64Array::from(vec![0.1, 0.000_15, -1.005])), none(), "text");
    let base = case.base();
    assert_eq!(case.column(&base, "m"), ["0.0002", "-1.005", "0.10"]);
    let findings = case.plain(&base.findings);
    assert!(findings.starts_with("W0708 e.parquet m: ") && findings.lines().count() == 1, "{findings}");
}

#[test]
fn what_does_not_fit_names_its_row() {
    let decimals = Decimal128Array::from(vec![100_000, 1, 10]).with_precision_and_scale(20, 5).unwrap();
    let errors = case(days(), Arc::new(decimals), none(), "text").errors();
    assert!(errors.starts_with("E0703 e.parquet:2 m: `0.00001`"), "{errors}");
    assert_eq!(errors.lines().count(), 1);
    let too_much = Int64Array::from(vec![Some(1), None, Some(1_000_000_000_000_000)]);
    let errors = case(days(), Arc::new(too_much), none(), "text").errors();
    assert!(errors.starts_with("E0703 e.parquet:3 m: "), "{errors}");
    let errors = case(days(), none(), Arc::new(Float64Array::from(vec![1.5, 2.0, f64::NAN])), "number").errors();
    assert!(errors.starts_with("E0703 e.parquet:3 v: "), "{errors}");
    let errors = case(days(), none(), Arc::new(Float32Array::from(vec![2.0, 1.5, 3.0])), "integer").errors();
    assert!(errors.starts_with("E0703 e.parquet:2 v: "), "{errors}");
    let day = TimestampMillisecondArray::from(vec![0, 86_400_000, 86_400_001]);
    let errors = case(Arc::new(day), none(), none(), "text").errors();
    assert!(errors.starts_with("E0703 e.parquet:3 day: ") && errors.contains("datetime"), "{errors}");
    let errors = case(days(), none(), days(), "boolean").errors();
    assert!(errors.starts_with("E0703 e.parquet v: the column is stored as Date32"), "{errors}");
}

#[test]
fn other_types_are_cast() {
    let value = |column: ArrayRef, ty: &str| {
        let case = case(days(), none(), column, ty);
        case.column(&case.base(), "v")
    };
    assert_eq!(value(Arc::new(Int32Array::from(vec![3, 1, 2])), "text"), ["1", "2", "3"]);
    assert_eq!(value(Arc::new(Int32Array::from(vec![3, 1, 2])), "number"), ["1", "2", "3"]);
    assert_eq!(value(Arc::new(Float64Array::from(vec![3.0, -0.0, 2.5])), "number"), ["0", "2.5", "3"]);
    assert_eq!(value(Arc::new(Float64Array::from(vec![Some(3.0), None, Some(2.0)])), "integer"), ["", "2", "3"]);
    let nanos = TimestampNanosecondArray::from(vec![1_000, 2_000, 3_000]);
    assert_eq!(value(Arc::new(nanos), "datetime")[2], "1970-01-01T00:00:00.000001");
    assert_eq!(value(days(), "datetime")[0], "2024-10-05T00:00:00");
    assert_eq!(value(Arc::new(StringArray::from(vec!["yes", "0", "TRUE"])), "boolean"), ["false", "true", "true"]);
    assert_eq!(value(Arc::new(StringArray::from(vec!["30%", "0.5", ""])), "percent"), ["0.5", "", "0.3"]);
}

#[test]
fn a_file_that_is_no_parquet() {
    let errors = Case::new(&SOURCES.replace("TYPE", "text"), METRICS, &[("e.parquet", b"id,day,m,v\n")]).errors();
    assert!(errors.starts_with("E0701 e.parquet: "), "{errors}");
    let mut bytes = written(vec![("id", Arc::new(StringArray::from(vec!["a"; 5000])) as ArrayRef)]);
    // The footer stays as it is; the pages do not.
    bytes[4..40].fill(0xff);
    let sources = "\n  events: {file: e.parquet, customer: id, columns: {id: text}}\n";
    let errors = Case::new(sources, "\n    n: count(events)\n", &[("e.parquet", &bytes)]).errors();
    assert!(errors.starts_with("E0708 e.parquet:1: "), "{errors}");
}

#[test]
fn nested_columns_are_skipped_unless_they_are_declared() {
    use arrow::array::{ListArray, StructArray};
    use arrow::datatypes::{DataType, Field};
    let tags: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(
        [vec![Some(1), None], vec![], vec![Some(2)]].map(Some),
    ));
    let inner: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let parts: ArrayRef =
        Arc::new(StructArray::from(vec![(Arc::new(Field::new("x", DataType::Int64, true)), Arc::clone(&inner))]));
    let columns = |v: &ArrayRef| {
        let id: ArrayRef = Arc::new(StringArray::from(vec!["c", "a", "b"]));
        let (day, money) = (days(), Arc::new(Int64Array::from(vec![3, 1, 2])) as ArrayRef);
        vec![
            ("tags", Arc::clone(&tags)),
            ("parts", Arc::clone(&parts)),
            ("id", id),
            ("day", day),
            ("m", money),
            ("v", Arc::clone(v)),
        ]
    };
    let case = |ty: &str, v: &ArrayRef| {
        Case::new(&SOURCES.replace("TYPE?", ty), METRICS, &[("e.parquet", &written(columns(v)))])
    };
    let read = case("integer?", &inner);
    assert_eq!(read.column(&read.base(), "m"), ["1.00", "2.00", "3.00"]);
    // The slow path reads every column.
    let reported = case("integer? 2..9", &inner).reporting();
    assert_eq!(reported.column(&reported.base(), "m"), ["1.00", "2.00"]);
    let errors = case("integer?", &tags).errors();
    assert_eq!(errors, "E0703 e.parquet v: the column holds lists, not single values\n");
    let errors = case("integer?", &parts).errors();
    assert_eq!(errors, "E0703 e.parquet v: the column holds objects, not single values\n");
}
