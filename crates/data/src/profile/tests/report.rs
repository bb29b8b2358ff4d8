//! Rows that cannot be used go to a file and the run goes on.

use super::Case;

#[test]
fn rejected_rows_are_written_with_their_reasons() {
    let customers = "extra,id,name,score\nx,b,Bo,3\ny,a,Al,9\nz,b,Bob,1\n,,No,1\n\"q,\"\"\",c,Cy,\n";
    let orders = "id,day,amount,n\nb,2025-12-31,10,1\na,2025-12-31,20,1\nb,2025-12-31,x,y\nc,2025-12-31\nc,2025-12-31,1,\nc,2030-01-01,1,\n";
    let case = Case::usual(customers, orders).reporting();
    let base = case.base();
    assert_eq!(case.column(&base, "id"), ["b", "c"]);
    assert_eq!(case.column(&base, "revenue"), ["10.00", "1.00"]);
    assert_eq!(
        case.read_file("customers.2026-01-01.rejected.csv"),
        "row,reason,extra,id,name,score\n\
         3,score: 9 is outside 1..5,y,a,Al,9\n\
         4,\"id: customer \"\"b\"\" is in the file twice\",z,b,Bob,1\n\
         5,id: the value is missing,,,No,1\n"
    );
    assert_eq!(
        case.read_file("orders.2026-01-01.rejected.csv"),
        "row,reason,id,day,amount,n\n\
         3,\"id: customer \"\"a\"\" is not in the customers table\",a,2025-12-31,20,1\n\
         4,amount: `x` is not money; n: `y` is not an integer,b,2025-12-31,x,y\n\
         5,\"the record has 2 fields, the header has 4\",c,2025-12-31\n"
    );
    let findings = case.plain(&base.findings);
    assert_eq!(findings.matches("W0709").count(), 2, "{findings}");
    assert!(
        findings.contains("3 rows of `customers` rejected, written to customers.2026-01-01.rejected.csv"),
        "{findings}"
    );
    assert!(findings.contains("W0706 1 row of `orders`"), "{findings}");
    let read: Vec<(u64, u64)> = base.source_counts.iter().map(|r| (r.rows, r.rejected)).collect();
    assert_eq!(read, [(2, 3), (3, 3)]);
}

#[test]
fn nothing_is_written_when_nothing_is_rejected() {
    let case = Case::usual("id,name,score\nb,Bo,3\n", "id,day,amount,n\nb,2025-12-31,10,1\n").reporting();
    assert!(case.base().findings.is_empty());
    let names: Vec<_> = std::fs::read_dir(case.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn many_rows_over_several_batches() {
    let customers: String = (0..5000).map(|i| format!("c{i},N,{}\n", i % 7)).collect();
    let orders: String = (0..20_000).map(|i| format!("c{},2025-12-31,{},1\n", i % 5000, i % 3)).collect();
    let case = Case::usual(&format!("id,name,score\n{customers}"), &format!("id,day,amount,n\n{orders}")).reporting();
    let base = case.base();
    // Scores of 0 and 6 are out of range.
    let rejected = (0..5000).filter(|i| i % 7 == 0 || i % 7 == 6).count();
    assert_eq!(base.rows, 5000 - rejected);
    assert_eq!(base.source_counts[0].rejected, rejected as u64);
    assert_eq!(base.source_counts[1].rejected, 4 * rejected as u64);
    assert!(case.column(&base, "orders_ever").iter().all(|n| n == "4"));
}

#[test]
fn what_is_wrong_with_a_file_as_a_whole_is_not_rejected() {
    let case = Case::usual("id,name\nb,Bo\n", "id,day,amount,n\n").reporting();
    assert!(case.errors().starts_with("E0702"));
    let case = Case::usual("id,name,score\nb,Bo,\"3\n", "id,day,amount,n\n").reporting();
    assert!(case.errors().starts_with("E0708 customers.csv:2"));
}
